package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A member that starts slowly gets its part of what it would have, with every algorithm and any weights. */
class SlowStartTest {
    private static final int PICKS = 20_000;

    private final TestInbox<SetActor.Selected> inbox = TestInbox.create();
    private final SplittableRandom random = new SplittableRandom(7);

    private static BehaviorTestKit<SetActor.Command> actor(SetView view) {
        return BehaviorTestKit.create(SetActor.create(view, LoadContext.NONE));
    }

    private static SetView shares(SetView view, int... percents) {
        MemberState[] states =
                IntStream.range(0, view.size()).mapToObj(view::state).toArray(MemberState[]::new);
        return view.with(states, SlowShares.of(percents));
    }

    /** The names of the candidates. */
    private String select(BehaviorTestKit<SetActor.Command> actor, Algorithm algorithm, int hash, String flags) {
        actor.run(Views.query(algorithm, hash, SelectFlags.parse(flags), 0, SelectTrace.NONE, inbox));
        return inbox.receiveMessage().candidates().stream()
                .map(Destination::description)
                .collect(Collectors.joining());
    }

    /** A key's hash, or a random number, or 0: as the lane would pass it. */
    private int hash(Algorithm algorithm) {
        return algorithm == Algorithm.ROUND_ROBIN || algorithm == Algorithm.SMOOTH_ROUND_ROBIN ? 0 : random.nextInt();
    }

    private double[] parts(SetView view, Algorithm algorithm) {
        BehaviorTestKit<SetActor.Command> actor = actor(view);
        double[] parts = new double[view.size()];
        for (int i = 0; i < PICKS; i++) {
            parts[select(actor, algorithm, hash(algorithm), "").charAt(0) - 'a'] += 1.0 / PICKS;
        }
        return parts;
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"PRIORITY", "FIGURE", "ROUTE", "LATENCY_PRIORITY", "TURNS_OR_PRIORITY"})
    void thePartIsThatOfItsShareWithAnyWeights(Algorithm algorithm) {
        SetView view = Views.of(5, 1, 2);
        double[] usual = parts(view, algorithm);

        double[] slow = parts(shares(view, 40, 100, 100), algorithm);

        assertThat(slow[0]).isCloseTo(0.4 * usual[0], within(0.015));
        assertThat(slow[1] + slow[2]).isCloseTo(1 - 0.4 * usual[0], within(0.015));
    }

    /** The first one by priority would get everything. */
    @ParameterizedTest
    @EnumSource(names = {"PRIORITY", "PRIORITY_TIERS", "SRV_TIERS", "TURNS_OR_PRIORITY"})
    void theFirstByPriorityGetsItsPartToo(Algorithm algorithm) {
        boolean smallestFirst = algorithm == Algorithm.SRV_TIERS;
        SetView view = SetView.of(
                Views.ID,
                List.of(
                        new SetView.SetMember(Views.destination("a", 1, smallestFirst ? 1 : 9), true),
                        new SetView.SetMember(Views.destination("b", 1, 5), true)));
        int[] percents = new int[2];
        for (int i = 0; i < 2; i++) {
            percents[i] = view.member(i).description().equals("a") ? 25 : 100;
        }

        assertThat(parts(shares(view, percents), algorithm)[0]).isCloseTo(0.25, within(0.001));
    }

    @Test
    void severalPartsAreIndependentOfEachOther() {
        double[] parts = parts(shares(Views.of(1, 1, 1, 1), 20, 60, 100, 100), Algorithm.SMOOTH_ROUND_ROBIN);

        assertThat(parts[0]).isCloseTo(0.2 / 4, within(0.001));
        // A fifth among four, two fifths among three.
        assertThat(parts[1]).isCloseTo(0.2 / 4 + 0.4 / 3, within(0.001));
        assertThat(parts[2]).isCloseTo(parts[3], within(0.001));
    }

    @Test
    void ifAllStartSlowlyTheyShareAsUsual() {
        double[] parts = parts(shares(Views.of(3, 1), 10, 10), Algorithm.SMOOTH_ROUND_ROBIN);

        assertThat(parts[0]).isCloseTo(0.75, within(0.001));
        assertThat(parts(shares(Views.without("b", 3, 1), 10, 100), Algorithm.RANDOM)[0])
                .isCloseTo(1, within(1e-6));
    }

    /** A key moves only to the member that starts, and only once while its share grows. */
    @Property(tries = 50)
    void aKeyMovesOnceAndOnlyToTheMemberThatStarts(
            @ForAll @Size(min = 2, max = 6) List<@IntRange(min = 1, max = 50) Integer> weights,
            @ForAll @IntRange(min = 0, max = 5) int which,
            @ForAll int hash,
            @ForAll boolean rendezvous) {
        Algorithm algorithm = rendezvous ? Algorithm.RENDEZVOUS : Algorithm.CALL_ID;
        int[] given = weights.stream().mapToInt(Integer::intValue).toArray();
        int member = which % given.length;
        SetView whole = Views.of(given);
        SetView without = Views.without(Character.toString('a' + member), given);
        String usual = select(actor(whole), algorithm, hash, "");
        String before = select(actor(without), algorithm, hash, "");

        List<String> picks = new ArrayList<>();
        for (int percent = 5; percent <= 100; percent += 5) {
            int[] percents = new int[given.length];
            Arrays.fill(percents, 100);
            percents[member] = percent;
            picks.add(select(actor(shares(whole, percents)), algorithm, hash, ""));
        }

        int moved = picks.indexOf(usual);
        assertThat(moved).isNotNegative();
        assertThat(picks.subList(0, moved)).allMatch(before::equals);
        assertThat(picks.subList(moved, picks.size())).allMatch(usual::equals);
    }

    /** With all shares at 100 the actor selects as without slow start, so the algorithms select as in OpenSIPS. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"ROUTE"})
    void withoutSlowStartNothingChanges(Algorithm algorithm) {
        SetView view = Views.of(5, 1, 2, 7);
        RoundRobinState plain = new RoundRobinState(view.size());
        BehaviorTestKit<SetActor.Command> actor = actor(view);
        for (int i = 0; i < 500; i++) {
            int hash = random.nextInt();
            if (i == 100) {
                actor.run(new SetActor.Replace(shares(view, 20, 100, 100, 100)));
                actor.run(new SetActor.Replace(view));
            }
            assertThat(select(actor, algorithm, hash, "F")).isEqualTo(Views.select(view, plain, algorithm, hash, "F"));
        }
    }

    @Test
    void theFailoverListHasItLast() {
        BehaviorTestKit<SetActor.Command> actor = actor(shares(Views.of(1, 1, 1), 100, 1, 100));

        List<String> lists = IntStream.range(0, 50)
                .mapToObj(i -> select(actor, Algorithm.ROUND_ROBIN, 0, "F"))
                .toList();

        assertThat(lists).filteredOn(list -> list.endsWith("b")).hasSizeGreaterThan(40);
        assertThat(lists).allMatch(list -> list.length() == 3);
        assertThat(select(actor, Algorithm.ROUND_ROBIN, 0, "FM2")).hasSize(2);
    }

    @Test
    void aNewViewWithOtherMembersIsTakenOver() {
        BehaviorTestKit<SetActor.Command> actor = actor(shares(Views.of(1, 1, 1), 5, 100, 100));
        select(actor, Algorithm.SMOOTH_ROUND_ROBIN, 0, "F");

        actor.run(new SetActor.Replace(shares(Views.of(1, 1, 1, 1, 1), 100, 100, 100, 100, 5)));

        assertThat(IntStream.range(0, 2_000)
                        .mapToObj(i -> select(actor, Algorithm.SMOOTH_ROUND_ROBIN, 0, ""))
                        .distinct())
                .containsExactlyInAnyOrder("a", "b", "c", "d", "e");
    }

    @Test
    void anExplanationSaysWhyAndTakesNoTurn() {
        SetView view = shares(Views.of(1, 1), 1, 100);
        BehaviorTestKit<SetActor.Command> actor = actor(view);
        RecordingTrace trace = new RecordingTrace();
        actor.run(Views.query(Algorithm.ROUND_ROBIN, 0, SelectFlags.parse(""), 0, trace, inbox));

        assertThat(trace.answer(0).why().get(0)).isEqualTo("in its slow start: this request is not one of its share");
        RecordingTrace list = new RecordingTrace();
        actor.run(Views.query(Algorithm.ROUND_ROBIN, 0, SelectFlags.parse("F"), 0, list, inbox));
        assertThat(list.answer(0).why().get(0)).startsWith("last, since it starts slowly");

        RecordingTrace hash = new RecordingTrace();
        actor.run(Views.query(Algorithm.CALL_ID, 2, SelectFlags.parse(""), 0, hash, inbox));
        assertThat(hash.answer(0).why().get(1)).contains("is sip:a.example.net, in its slow start; among the usable");

        TrafficViews views = new TrafficViews(Duration.ofSeconds(9), SlowStartSettings.OFF);
        views.replace(List.of(Views.of(1, 1)), 0);
        SetView waiting = views.backOff(Views.destination("a", 1, 0), 5_000, 0);
        RecordingTrace backoff = new RecordingTrace();
        actor(waiting).run(Views.query(Algorithm.ROUND_ROBIN, 0, SelectFlags.parse(""), 0, backoff, inbox));
        assertThat(backoff.answer(0).why().get(0)).isEqualTo("in backoff: it has answered 503 with Retry-After");
    }
}
