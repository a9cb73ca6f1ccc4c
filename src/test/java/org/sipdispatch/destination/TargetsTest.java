package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.destination.DestinationState.ACTIVE;
import static org.sipdispatch.destination.DestinationState.INACTIVE;
import static org.sipdispatch.destination.DestinationState.PROBING;
import static org.sipdispatch.destination.Samples.GOOD;
import static org.sipdispatch.destination.Samples.SILENT;
import static org.sipdispatch.destination.Samples.THREE;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sets.Target;

/** The status of a destination with several targets. */
class TargetsTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final String A = "192.0.2.1:5060";
    private static final String B = "192.0.2.2:5060";
    private static final String C = "[2001:db8::3]:5070";

    static Target target(String name, int priority, int weight) {
        return new Target(Target.address(name), "host.example.test", priority, weight);
    }

    static FoundTargets found(String... names) {
        return new FoundTargets(
                Stream.of(names).map(name -> target(name, 1, 10)).toList(), "", 60_000);
    }

    private static Status fresh() {
        return new Status(StatusVersion.NONE, false, false, false, 0, 0, false, NOW, "probe", "new");
    }

    private static Status with(String... names) {
        Status status = Status.initial(ACTIVE, NOW).withVersion(new StatusVersion(3, 4, 7));
        return status.withTargets(Targets.NONE.found(found(names), fresh()), "probe", "new address", NOW);
    }

    private static Status pinged(Status status, String target, PingResult result, int times) {
        Status now = status;
        for (int i = 0; i < times; i++) {
            Status one = now.targets().find(target).status();
            now = now.withTarget(target, one.pinged(result, THREE, true, NOW + i), NOW + i);
        }
        return now;
    }

    private static Status held(Status status, String target) {
        Status one = status.targets().find(target).status();
        return status.withTarget(target, one.set(INACTIVE, "ann", "repair", NOW), NOW);
    }

    private static List<String> serving(Status status) {
        return status.targets().serving().stream().map(Target::name).toList();
    }

    @Test
    void aTargetThatFailsTakesOnlyItselfOut() {
        Status status = pinged(with(A, B, C), B, SILENT, 3);

        assertThat(status.state()).isEqualTo(ACTIVE);
        assertThat(status.targets().find(B).status().state()).isEqualTo(PROBING);
        assertThat(status.targets().find(B).status().failures()).isEqualTo(3);
        assertThat(serving(status)).containsExactly(A, C);
        assertThat(status.version()).isEqualTo(new StatusVersion(3, 8, 7));
    }

    @Test
    void theDestinationFailsWithItsLastTargetAndIsBackWithTheFirst() {
        Status status = pinged(pinged(with(A, B), A, SILENT, 3), B, SILENT, 3);

        assertThat(status.state()).isEqualTo(PROBING);
        assertThat(status.failures()).isEqualTo(3);
        assertThat(status.who()).isEqualTo("probe");
        assertThat(status.why()).isEqualTo(B + ": no reply");
        assertThat(serving(status)).containsExactly(A, B);

        Status back = pinged(status, A, GOOD, 1);

        assertThat(back.state()).isEqualTo(ACTIVE);
        assertThat(back.why()).isEqualTo(A + ": reply 200");
        assertThat(serving(back)).containsExactly(A);
    }

    @Test
    void itIsBusyWhenAllThatWorkAreBusy() {
        Status one = pinged(with(A, B), A, Samples.replied(503), 1);
        Status both = pinged(one, B, Samples.replied(503), 1);

        assertThat(one.busy()).isFalse();
        assertThat(serving(one)).containsExactly(B);
        assertThat(both.busy()).isTrue();
        assertThat(both.takesTraffic()).isFalse();
        assertThat(pinged(both, A, GOOD, 1).busy()).isFalse();
    }

    @Test
    void aHoldOfOneTargetOutlivesPingsAndStatesOfTheDestination() {
        Status status = held(with(A, B), A);

        assertThat(status.state()).isEqualTo(ACTIVE);
        assertThat(serving(pinged(status, A, GOOD, 5))).containsExactly(B);
        for (DestinationState state : DestinationState.values()) {
            assertThat(status.set(state, "ann", "", NOW)
                            .targets()
                            .find(A)
                            .status()
                            .held())
                    .isTrue();
        }
        Status none = held(status, B);
        assertThat(none.state()).isEqualTo(PROBING);
        assertThat(none.who()).isEqualTo("ann");
        assertThat(none.why()).isEqualTo(B + ": repair");
        assertThat(serving(none)).isEmpty();
    }

    @Test
    void aHoldOfTheDestinationIsNoneOfItsTargets() {
        Status status = pinged(with(A, B), A, SILENT, 3).set(INACTIVE, "ann", "", NOW);

        assertThat(status.state()).isEqualTo(INACTIVE);
        assertThat(status.targets().find(B).status().held()).isFalse();

        Status released = status.released("ann", "", NOW);

        assertThat(released.state()).isEqualTo(ACTIVE);
        assertThat(serving(released)).containsExactly(B);
    }

    @Test
    void anOperatorSetsAllTargets() {
        Status probing = with(A, B).set(PROBING, "ann", "", NOW);

        assertThat(probing.state()).isEqualTo(PROBING);
        assertThat(probing.targets().all()).allMatch(one -> one.status().state() == PROBING);

        Status active = probing.set(ACTIVE, "ann", "", NOW);

        assertThat(active.state()).isEqualTo(ACTIVE);
        assertThat(serving(active)).containsExactly(A, B);
    }

    @Test
    void targetsThatStayKeepTheirStatus() {
        Status failed = held(pinged(with(A, B), A, SILENT, 2), B);

        Targets now = failed.targets().found(found(C, B, A), fresh());

        assertThat(now.all()).extracting(Targets.TargetStatus::name).containsExactly(A, B, C);
        assertThat(now.find(A).status().failures()).isEqualTo(2);
        assertThat(now.find(B).status().held()).isTrue();
        assertThat(now.find(C).status()).isEqualTo(fresh());
        assertThat(now.found(found(A), fresh()).all())
                .extracting(Targets.TargetStatus::name)
                .containsExactly(A);
    }

    @Test
    void anAnswerInAnotherOrderChangesNothing() {
        Targets targets = with(A, B, C).targets();

        assertThat(targets.found(found(C, A, B), fresh())).isEqualTo(targets);
    }

    @Test
    void aNameWithoutAddressesHasFailedAndIsBackWithTheNextOne() {
        Status status = with(A, B);
        Targets none = status.targets().found(new FoundTargets(List.of(), "", 5_000), fresh());

        Status gone = status.withTargets(none, "probe", none.reason(), NOW);

        assertThat(gone.state()).isEqualTo(PROBING);
        assertThat(gone.why()).isEqualTo(Targets.NO_ADDRESS);
        Targets again = none.found(found(C), fresh());
        assertThat(gone.withTargets(again, "probe", again.reason(), NOW).state())
                .isEqualTo(ACTIVE);
    }

    @Test
    void withoutAnAnswerOfDnsTheTargetsStay() {
        Targets targets = with(A, B).targets();

        Targets unanswered = targets.found(new FoundTargets(List.of(), "SERVFAIL", 5_000), fresh());
        Targets old = targets.found(new FoundTargets(found(A, B).targets(), "SERVFAIL", 5_000), fresh());

        assertThat(unanswered.all()).isEqualTo(targets.all());
        assertThat(unanswered.failure()).isEqualTo("SERVFAIL");
        assertThat(old).isEqualTo(unanswered);
        assertThat(changes(unanswered, targets)).containsExactly("DNS answers again, by dns");
        assertThat(changes(targets, unanswered)).containsExactly("DNS: SERVFAIL, by dns");
        assertThat(unanswered.isSameForTraffic(targets)).isTrue();
    }

    @Test
    void aReasonWithATargetThatIsGoneSaysSo() {
        Status down = pinged(with(A), A, SILENT, 3);
        Status probing = new Status(StatusVersion.NONE, false, true, false, 0, 0, false, NOW, "probe", "new");

        Status moved = down.withTargets(down.targets().found(found(B), probing), "probe", "", NOW + 9);

        assertThat(down.why()).isEqualTo(A + ": no reply");
        assertThat(moved.why()).isEqualTo("former target " + A + ": no reply");
        assertThat(moved.sinceMs()).isEqualTo(down.sinceMs());
    }

    @Test
    void aNameHasALimitedNumberOfTargets() {
        String[] many = new String[Targets.MOST + 8];
        for (int i = 0; i < many.length; i++) {
            many[i] = "192.0.2." + (i + 1) + ":5060";
        }

        assertThat(with(many).targets().all()).hasSize(Targets.MOST);
    }

    @Test
    void twoRecordsOfOneAddressAreOneTarget() {
        FoundTargets twice = new FoundTargets(List.of(target(A, 2, 5), target(A, 1, 7), target(B, 1, 1)), "", 60_000);

        Targets targets = Targets.NONE.found(twice, fresh());

        assertThat(targets.all())
                .extracting(Targets.TargetStatus::target)
                .containsExactly(target(A, 1, 7), target(B, 1, 1));
    }

    @Test
    void changesAreSentences() {
        Status before = with(A, B);
        Status after = pinged(before, B, SILENT, 3);

        assertThat(changes(Targets.NONE, before.targets()))
                .containsExactly("target " + A + " is new, Active, by dns", "target " + B + " is new, Active, by dns");
        assertThat(changes(before.targets(), after.targets()))
                .containsExactly("target " + B + " is Probing, was Active: no reply, by probe");
        assertThat(changes(after.targets(), after.targets().found(found(A), fresh())))
                .containsExactly("target " + B + " is no address of the name any more, by dns");
    }

    private static List<String> changes(Targets before, Targets after) {
        return after.changesSince(before, NOW).stream()
                .map(change -> change.text() + ", by " + change.who())
                .toList();
    }

    /** What another node, the journal and the file of last known states hand over. */
    @Property(tries = 200)
    void whatIsPackedIsReadAgain(@ForAll long seed) {
        Random random = new Random(seed);
        Status status = with(A, B, C).ordered("1f-7", null);
        Targets changed = status.targets().withLast(List.of(new Targets.Change("probe", "a change", NOW)), NOW);
        status = status.withTargets(changed, "", "", NOW);
        List<String> names = List.of(A, B, C);
        for (int i = 0; i < 20; i++) {
            String name = names.get(random.nextInt(3));
            status = switch (random.nextInt(4)) {
                case 0 -> held(status, name);
                case 1 -> pinged(status, name, SILENT, 1 + random.nextInt(3));
                case 2 -> pinged(status, name, Samples.replied(random.nextBoolean() ? 200 : 503), 1);
                default -> status.ordered("order" + i, status);
            };
            Status packed = status.packed();
            assertThat(packed.targets().isNone()).isTrue();
            assertThat(unpacked(packed)).isEqualTo(status);
            assertThat(status.state() == PROBING)
                    .isEqualTo(status.targets().all().stream()
                            .noneMatch(one -> one.status().state() == ACTIVE));
        }
    }

    /** As a codec creates it: from the fields of earlier releases. */
    private static Status unpacked(Status packed) {
        return new Status(
                packed.version(),
                packed.held(),
                packed.probing(),
                packed.busy(),
                packed.failures(),
                packed.successes(),
                packed.removed(),
                packed.sinceMs(),
                packed.who(),
                packed.why(),
                packed.orders());
    }

    @Test
    void aStatusWithoutTargetsIsPackedAsItIs() {
        Status status = Status.initial(ACTIVE, NOW).ordered("1f-7", null);

        assertThat(status.packed()).isSameAs(status);
    }

    @Test
    void aTargetOfALaterReleaseIsLeftOut() {
        List<String> texts = new ArrayList<>(with(A, B).packed().orders());
        texts.set(0, texts.get(0).replace(B, "sip3:elsewhere"));

        assertThat(Targets.among(texts).all())
                .extracting(Targets.TargetStatus::name)
                .containsExactly(A);
    }

    @Test
    void aHoldOfAnEarlierActorIsKept() {
        Status mine = with(A, B);
        Status late = held(with(A, B), A).withVersion(new StatusVersion(5, 1, 8));

        Status merged = mine.mergedWith(late, LocalChanges.NONE.withEvidence(mine, mine, true), 7);

        assertThat(merged.targets().find(A).status().held()).isTrue();
        assertThat(serving(merged)).containsExactly(B);
    }

    @Test
    void theOrderOfTheRecordsChangesNothing() {
        Target left = new Target(Target.address(A), "left.example.test", 1, 10);
        Target right = new Target(Target.address(A), "right.example.test", 1, 30);
        Target light = new Target(Target.address(A), "left.example.test", 1, 5);
        Targets targets = Targets.NONE.found(new FoundTargets(List.of(left, right, light), "", 60_000), fresh());

        assertThat(targets.found(new FoundTargets(List.of(right, light, left), "", 60_000), fresh()))
                .isEqualTo(targets);
    }

    @Test
    void theTargetsOfAHostWithoutAnAnswerStay() {
        Target left = new Target(Target.address(A), "left.example.test", 1, 10);
        Target right = new Target(Target.address(B), "right.example.test", 1, 10);
        Target six = new Target(Target.address("[2001:db8::3]:5060"), "left.example.test", 1, 10);
        Targets all = Targets.NONE.found(new FoundTargets(List.of(left, right, six), "", 60_000), fresh());
        List<FoundTargets.UnknownHost> unknown =
                List.of(new FoundTargets.UnknownHost("Right.example.test", 5060, true));

        Targets some = all.found(new FoundTargets(List.of(left), "SERVFAIL", 5_000, unknown), fresh());

        assertThat(some.all()).extracting(Targets.TargetStatus::name).containsExactly(A, B);
        assertThat(some.failure()).isEqualTo("SERVFAIL");
    }
}
