package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrafficViewsTest {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final SlowStartSettings SLOWLY =
            new SlowStartSettings(Duration.ofSeconds(100), 10, SlowStartSettings.Curve.LINEAR);

    private final SetView three = Views.of(1, 1, 1);
    private long nowMs = 1_000_000;

    private TrafficViews views(SlowStartSettings slowStart) {
        return views(LONGEST, slowStart);
    }

    private TrafficViews views(Duration longestBackoff, SlowStartSettings slowStart) {
        TrafficViews views = new TrafficViews(longestBackoff, slowStart);
        assertThat(views.replace(List.of(three), nowMs)).containsExactly(three);
        return views;
    }

    private static List<MemberState> states(SetView view) {
        return IntStream.range(0, view.size()).mapToObj(view::state).toList();
    }

    private static List<Integer> percents(SetView view) {
        return IntStream.range(0, view.size())
                .map(view.shares()::percent)
                .boxed()
                .toList();
    }

    private SetView tickAfter(TrafficViews views, long ms) {
        nowMs += ms;
        List<SetView> changed = views.tick(nowMs);
        assertThat(changed).hasSizeLessThan(2);
        return changed.isEmpty() ? null : changed.get(0);
    }

    @Test
    void aSetWithoutBackoffIsTheClustersOwnView() {
        TrafficViews views = views(SlowStartSettings.OFF);
        SetView next = Views.without("b", 1, 1, 1);

        assertThat(views.update(next, nowMs)).isSameAs(next);
        assertThat(views.tick(nowMs + 100_000)).isEmpty();
        assertThat(views.shares(nowMs)).isEmpty();
    }

    @Test
    void aBackoffInOneSetLeavesTheViewsOfTheOthers() {
        TrafficViews views = views(SlowStartSettings.OFF);
        Destination one = new Destination("default", 9, "sip:z", null, 1, 0, "", "");
        SetView other = SetView.of(new SetId("default", 9), List.of(new SetView.SetMember(one, true)));
        views.backOff(three.member(1), 5_000, nowMs);

        assertThat(views.update(other, nowMs)).isSameAs(other);
        SetView failed = other.withActive(place -> false);
        assertThat(views.update(failed, nowMs)).isSameAs(failed);
        nowMs += 5_000;
        assertThat(views.tick(nowMs)).extracting(SetView::id).containsExactly(Views.ID);
    }

    @Test
    void aDestinationIsInBackoffForTheTimeThatItAskedFor() {
        TrafficViews views = views(SlowStartSettings.OFF);

        SetView waiting = views.backOff(three.member(1), 5_000, nowMs);

        assertThat(states(waiting)).containsExactly(MemberState.USABLE, MemberState.IN_BACKOFF, MemberState.USABLE);
        assertThat(waiting.isActive(1)).isFalse();
        assertThat(waiting.isUnusable(three.member(1))).isTrue();
        assertThat(tickAfter(views, 4_999)).isNull();
        assertThat(views.shares(nowMs)).isEqualTo(Map.of(three.member(1).id(), new TrafficShare(1, 100)));
        assertThat(states(tickAfter(views, 1))).containsOnly(MemberState.USABLE);
        assertThat(views.shares(nowMs)).isEmpty();
    }

    @Test
    void theSettingBoundsABackoffAndALongerOneExtendsIt() {
        TrafficViews views = views(SlowStartSettings.OFF);
        Destination member = three.member(0);

        assertThat(views.backOff(member, 3_600_000, nowMs)).isNotNull();
        assertThat(views.shares(nowMs).get(member.id()).backoffMs()).isEqualTo(30_000);
        assertThat(views.backOff(member, 10_000, nowMs)).isNull();
        nowMs += 500;
        assertThat(views.backOff(member, 30_000, nowMs))
                .as("half a second is no news")
                .isNull();
        nowMs += 10_000;
        assertThat(views.backOff(member, 60_000, nowMs)).isNotNull();
        assertThat(views.shares(nowMs).get(member.id()).backoffMs()).isEqualTo(30_000);
    }

    @Test
    void noBackoffBeginsWithoutATimeOrWithoutADefinition() {
        assertThat(views(Duration.ZERO, SlowStartSettings.OFF).backOff(three.member(0), 5_000, nowMs))
                .isNull();
        assertThat(views(SlowStartSettings.OFF).backOff(three.member(0), 0, nowMs))
                .isNull();
        assertThat(views(SlowStartSettings.OFF).backOff(Views.destination("z", 1, 0), 5_000, nowMs))
                .isNull();
        assertThat(views(SlowStartSettings.OFF)
                        .backOff(new Destination("p", 9, "sip:a", null, 1, 0, "", ""), 5_000, nowMs))
                .isNull();
    }

    @Test
    void aBackoffOutlastsAReloadAndAFailure() {
        TrafficViews views = views(SlowStartSettings.OFF);
        views.backOff(three.member(1), 20_000, nowMs);

        SetView reloaded = views.replace(List.of(Views.of(2, 2, 2, 2)), nowMs).get(0);
        assertThat(states(reloaded))
                .containsExactly(MemberState.USABLE, MemberState.IN_BACKOFF, MemberState.USABLE, MemberState.USABLE);

        SetView failed = views.update(Views.without("b", 2, 2, 2, 2), nowMs);
        assertThat(failed.state(1)).isEqualTo(MemberState.INACTIVE);
        SetView back = views.update(Views.of(2, 2, 2, 2), nowMs + 10_000);
        assertThat(back.state(1)).isEqualTo(MemberState.IN_BACKOFF);

        SetView removed = views.update(Views.of(2), nowMs);
        assertThat(removed.size()).isOne();
        assertThat(views.shares(nowMs)).isEmpty();
    }

    @Test
    void theFirstBackoffToEndEndsTheWaitOfASetWithoutUsableMembers() {
        TrafficViews views = views(SlowStartSettings.OFF);
        assertThat(views.backoffMs(Views.ID, nowMs)).isEqualTo(TrafficViews.USABLE);
        views.backOff(three.member(0), 20_000, nowMs);
        views.backOff(three.member(1), 7_000, nowMs);
        assertThat(views.backoffMs(Views.ID, nowMs)).isEqualTo(TrafficViews.USABLE);

        views.update(Views.without("c", 1, 1, 1), nowMs);

        assertThat(views.backoffMs(Views.ID, nowMs + 1_000)).isEqualTo(6_000);
        views.update(Views.without("abc", 1, 1, 1), nowMs);
        assertThat(views.backoffMs(Views.ID, nowMs)).isEqualTo(TrafficViews.NO_BACKOFF);
        assertThat(views.backoffMs(new SetId("default", 9), nowMs)).isEqualTo(TrafficViews.NO_BACKOFF);
    }

    @Test
    void aDestinationThatComesBackStartsSlowlyAndANewOneDoesNot() {
        TrafficViews views = views(SLOWLY);
        SetView down = three.withActive(place -> place != 0);
        views.update(down, nowMs);

        assertThat(percents(views.update(three, nowMs))).containsExactly(10, 100, 100);
        assertThat(percents(tickAfter(views, 25_000))).containsExactly(30, 100, 100);
        assertThat(tickAfter(views, 100)).as("the same share needs no new view").isNull();
        assertThat(percents(tickAfter(views, 50_000))).containsExactly(75, 100, 100);
        assertThat(views.shares(nowMs)).containsEntry(three.member(0).id(), new TrafficShare(0, 75));
        assertThat(percents(tickAfter(views, 25_000))).containsExactly(100, 100, 100);
        assertThat(tickAfter(views, 100_000)).isNull();

        assertThat(percents(views.update(Views.of(1, 1, 1, 1), nowMs))).containsOnly(100);
    }

    @Test
    void aFailureWithinTheStartBeginsItAgainAndABackoffIsFollowedByOne() {
        TrafficViews views = views(SLOWLY);
        SetView down = three.withActive(place -> place != 0);
        views.update(down, nowMs);
        views.update(three, nowMs);
        tickAfter(views, 50_000);
        assertThat(percents(views.update(down, nowMs))).containsOnly(100);
        assertThat(percents(views.update(three, nowMs)).get(0)).isEqualTo(10);

        views.backOff(three.member(0), 5_000, nowMs);
        SetView over = tickAfter(views, 5_000);

        assertThat(states(over)).containsOnly(MemberState.USABLE);
        assertThat(percents(over)).containsExactly(10, 100, 100);
    }

    @ParameterizedTest
    @CsvSource({
        "LINEAR, 10 30 55 75",
        "QUADRATIC, 10 15 30 60",
        "SQUARE_ROOT, 10 55 70 85",
    })
    void theCurvesAreThoseOfThePage(SlowStartSettings.Curve curve, String percents) {
        SlowStartSettings settings = new SlowStartSettings(Duration.ofSeconds(100), 10, curve);

        assertThat(IntStream.range(0, 4).mapToObj(quarter -> "" + settings.percent(25_000L * quarter)))
                .containsExactly(percents.split(" "));
    }

    @Property
    void aShareGrowsFromTheFirstOneToAll(
            @ForAll @IntRange(min = 1, max = 100) int first,
            @ForAll SlowStartSettings.Curve curve,
            @ForAll @LongRange(min = -5, max = 70_000) long ms,
            @ForAll @LongRange(min = 0, max = 70_000) long more) {
        SlowStartSettings settings = new SlowStartSettings(Duration.ofSeconds(60), first, curve);

        assertThat(settings.percent(ms))
                .isBetween(Math.min(first, first - first % 5 + (first < 5 ? first : 0)), 100)
                .isLessThanOrEqualTo(settings.percent(ms + more));
        assertThat(settings.percent(60_000 + more)).isEqualTo(100);
    }

    private SetView withTarget(SetView view, int place, String address) {
        BitSet places = new BitSet();
        places.set(place);
        TargetAddresses addresses =
                TargetAddresses.of(List.of(new Target(Target.address(address), "host.example.test", 1, 1)));
        return view.with(places, view::state, view::weight, member -> addresses);
    }

    @Test
    void targetsAreThoseOfTheClusterDuringABackoffAndASlowStart() {
        TrafficViews views = views(SLOWLY);
        views.update(withTarget(three, 0, "192.0.2.1:5060"), nowMs);
        views.backOff(three.member(1), 5_000, nowMs);

        SetView other = views.update(withTarget(three, 0, "192.0.2.2:5060"), nowMs);

        assertThat(other.targets(0).all()).containsExactly(Target.address("192.0.2.2:5060"));
        assertThat(states(other)).containsExactly(MemberState.USABLE, MemberState.IN_BACKOFF, MemberState.USABLE);
        tickAfter(views, 5_000);
        SetView third = views.update(withTarget(three, 0, "192.0.2.3:5060"), nowMs);
        assertThat(third.targets(0).all()).containsExactly(Target.address("192.0.2.3:5060"));
        assertThat(percents(third)).containsExactly(100, 10, 100);
    }
}
