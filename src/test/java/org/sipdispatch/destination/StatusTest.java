package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.destination.DestinationState.ACTIVE;
import static org.sipdispatch.destination.DestinationState.INACTIVE;
import static org.sipdispatch.destination.DestinationState.PROBING;
import static org.sipdispatch.destination.Samples.GOOD;
import static org.sipdispatch.destination.Samples.NOT_SENT;
import static org.sipdispatch.destination.Samples.NO_EVIDENCE;
import static org.sipdispatch.destination.Samples.SILENT;
import static org.sipdispatch.destination.Samples.THREE;
import static org.sipdispatch.destination.Samples.UNREACHABLE;
import static org.sipdispatch.destination.Samples.replied;
import static org.sipdispatch.destination.Samples.strikes;
import static org.sipdispatch.destination.Samples.success;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.settings.StatusCodes;

class StatusTest {
    private static final Map<String, UnaryOperator<Status>> STEPS = Map.ofEntries(
            Map.entry("good", s -> ping(s, GOOD, true)),
            Map.entry("listed", s -> ping(s, replied(404), true)),
            Map.entry("busy", s -> ping(s, replied(503), true)),
            Map.entry("bad", s -> ping(s, replied(500), true)),
            Map.entry("silent", s -> ping(s, SILENT, true)),
            Map.entry("unreachable", s -> ping(s, UNREACHABLE, true)),
            Map.entry("unsent", s -> ping(s, NOT_SENT, true)),
            Map.entry("none", s -> ping(s, NO_EVIDENCE, true)),
            Map.entry("doubted", s -> ping(s, SILENT, false)),
            Map.entry("call", s -> s.observed(success(), THREE, true, 10)),
            Map.entry("strike", s -> s.observed(strikes(1, false, 500), THREE, true, 10)),
            Map.entry("strikes", s -> s.observed(strikes(7, false, 500), THREE, true, 10)),
            Map.entry("hold", s -> s.observed(strikes(Observation.HOLD, false, 404), THREE, true, 10)),
            Map.entry("doubtfulHold", s -> s.observed(strikes(Observation.HOLD, true, 408), THREE, false, 10)),
            Map.entry("i", s -> s.set(INACTIVE, "alice", "maintenance", 10)),
            Map.entry("a", s -> s.set(ACTIVE, "alice", "done", 10)),
            Map.entry("p", s -> s.set(PROBING, "alice", "check", 10)),
            Map.entry("release", s -> s.released("alice", "done", 10)),
            Map.entry("gone", s -> s.withdrawn("", "")),
            Map.entry("new", s -> s.defined(PROBING, 10)));

    private static Status ping(Status status, PingResult result, boolean confirmed) {
        return status.pinged(result, THREE, confirmed, 10);
    }

    @ParameterizedTest
    @CsvSource({
        // from, steps, state, busy, failures
        "ACTIVE, hold, INACTIVE, false, 0",
        "ACTIVE, hold good good, INACTIVE, false, 0",
        "ACTIVE, silent hold release, ACTIVE, false, 1",
        "ACTIVE, doubtfulHold, ACTIVE, false, 2",
        "PROBING, hold release, PROBING, false, 0",
        "ACTIVE, hold a, ACTIVE, false, 0",
        "ACTIVE, silent, ACTIVE, false, 1",
        "ACTIVE, silent unreachable, ACTIVE, false, 2",
        "ACTIVE, silent unreachable unsent, PROBING, false, 3",
        "ACTIVE, silent silent good silent silent, ACTIVE, false, 2",
        "ACTIVE, silent silent listed silent silent, ACTIVE, false, 2",
        "ACTIVE, silent silent none bad, PROBING, false, 3",
        "ACTIVE, silent silent call silent, ACTIVE, false, 1",
        "ACTIVE, bad bad bad bad bad, PROBING, false, 3",
        "ACTIVE, silent silent doubted, ACTIVE, false, 2",
        "ACTIVE, silent silent doubted doubted silent, PROBING, false, 3",
        "ACTIVE, strike silent strike, PROBING, false, 3",
        "ACTIVE, strikes, PROBING, false, 3",
        "ACTIVE, busy, ACTIVE, true, 0",
        "ACTIVE, silent silent busy silent, ACTIVE, true, 1",
        "ACTIVE, busy good, ACTIVE, false, 0",
        "ACTIVE, busy silent silent silent, PROBING, false, 3",
        "PROBING, good, ACTIVE, false, 0",
        "PROBING, busy, ACTIVE, true, 0",
        "PROBING, call, PROBING, false, 0",
        "PROBING, silent, PROBING, false, 1",
        "PROBING, a, ACTIVE, false, 0",
        "INACTIVE, good, INACTIVE, false, 0",
        "INACTIVE, silent silent silent release, ACTIVE, false, 0",
        "INACTIVE, strikes call good p release, ACTIVE, false, 0",
        "INACTIVE, a, ACTIVE, false, 0",
        "ACTIVE, silent silent i release silent, PROBING, false, 3",
        "ACTIVE, silent silent i a silent, ACTIVE, false, 1",
        "ACTIVE, silent silent a silent, ACTIVE, false, 1",
        "ACTIVE, strikes i release, PROBING, false, 3",
        "ACTIVE, strikes i good release, PROBING, false, 3",
        "ACTIVE, strikes a silent, ACTIVE, false, 1",
        "ACTIVE, p, PROBING, false, 0",
        "ACTIVE, busy p, PROBING, false, 0",
        "ACTIVE, busy i release, ACTIVE, true, 0",
        "ACTIVE, busy i a, ACTIVE, false, 0",
        "ACTIVE, i p, INACTIVE, false, 0",
        "ACTIVE, silent gone silent silent, ACTIVE, false, 1",
        "ACTIVE, i gone new, PROBING, false, 0",
        "ACTIVE, i new, INACTIVE, false, 0",
    })
    void stepsLeadTo(DestinationState from, String steps, DestinationState state, boolean busy, int failures) {
        Status status = Status.initial(from, 5);
        for (String step : steps.split(" ")) {
            status = STEPS.get(step).apply(status);
        }

        assertThat(status.state()).isEqualTo(state);
        assertThat(status.busy()).isEqualTo(busy);
        assertThat(status.failures()).isEqualTo(failures);
        assertThat(status.takesTraffic()).isEqualTo(state == ACTIVE && !busy);
    }

    @Test
    void asManyGoodPingsInARowAsTheSuccessThresholdBringItBack() {
        HealthThresholds limits = new HealthThresholds(3, 3, StatusCodes.NONE, StatusCodes.parse("busy", "503", 2));
        Status status = Status.initial(PROBING, 5);

        status = status.pinged(GOOD, limits, true, 10).pinged(replied(503), limits, true, 10);
        assertThat(status.state()).isEqualTo(PROBING);
        assertThat(status.busy()).isFalse();

        status = status.pinged(SILENT, limits, true, 10).pinged(GOOD, limits, true, 10);
        status = status.pinged(GOOD, limits, true, 10);
        assertThat(status.state()).isEqualTo(PROBING);

        status = status.pinged(replied(503), limits, true, 10);
        assertThat(status.state()).isEqualTo(ACTIVE);
        assertThat(status.busy()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "REPLIED, 200, '', '', GOOD",
        "REPLIED, 202, '', '', BAD",
        "REPLIED, 202, 2xx, '', GOOD",
        "REPLIED, 404, '404,5xx', '', GOOD",
        "REPLIED, 599, '404,5xx', '', GOOD",
        "REPLIED, 403, '404,5xx', '', BAD",
        "REPLIED, 503, 5xx, 503, BUSY",
        "REPLIED, 200, '', 2xx, GOOD",
        "REPLIED, 408, 408, '', GOOD",
        "SILENT, 0, 408, '', BAD",
        "SILENT, 408, 408, '', BAD",
        "UNREACHABLE, 503, 503, 503, BAD",
        "NOT_SENT, 0, '', '', BAD",
        "NO_EVIDENCE, 200, '', '', NONE",
    })
    void aPingEndsAs(PingResult.PingOutcome outcome, int code, String good, String busy, ProbeOutcome evidence) {
        HealthThresholds limits =
                new HealthThresholds(3, 1, StatusCodes.parse("good", good, 2), StatusCodes.parse("busy", busy, 2));

        assertThat(limits.evidence(new PingResult(outcome, code, 0))).isEqualTo(evidence);
    }

    @Test
    void onlyWhatWouldTakeItOutTrips() {
        Status two = STEPS.get("silent").apply(STEPS.get("silent").apply(Status.initial(ACTIVE, 5)));

        assertThat(two.wouldTrip(SILENT, THREE)).isTrue();
        assertThat(two.wouldTrip(GOOD, THREE)).isFalse();
        assertThat(two.wouldTrip(NO_EVIDENCE, THREE)).isFalse();
        assertThat(two.wouldTrip(strikes(1, true, 408), THREE)).isTrue();
        assertThat(two.wouldTrip(success(), THREE)).isFalse();
        assertThat(two.wouldTrip(new Observation(Samples.DESTINATION, 1, 2, 2, true, 408), THREE))
                .isFalse();
        assertThat(Status.initial(INACTIVE, 5).wouldTrip(strikes(9, true, 408), THREE))
                .isFalse();
        assertThat(Status.initial(PROBING, 5).wouldTrip(strikes(9, true, 408), THREE))
                .isFalse();
    }

    @Test
    void whatChangesIsANewVersionAndWhatIsShownSaysWhoAndWhySince() {
        Status first = Status.initial(ACTIVE, 5);

        Status same = first.pinged(GOOD, THREE, true, 6);
        Status counted = first.pinged(SILENT, THREE, true, 7);
        Status held = counted.set(INACTIVE, "alice", "maintenance", 8);

        assertThat(same).isSameAs(first);
        assertThat(counted.version()).isEqualTo(first.version().nextChange());
        assertThat(counted.sinceMs()).isEqualTo(5);
        assertThat(counted.who()).isEqualTo("table");
        assertThat(held.sinceMs()).isEqualTo(8);
        assertThat(held.who()).isEqualTo("alice");
        assertThat(held.why()).isEqualTo("maintenance");
        Definition definition = Samples.definition(ACTIVE, 1);
        assertThat(DestinationEvent.between("a", definition, first, counted)).isNull();
        assertThat(DestinationEvent.between("a", definition, counted, held))
                .isEqualTo(new DestinationEvent(
                        "a",
                        "default",
                        1,
                        "sip:10.0.0.11:5060",
                        ACTIVE,
                        false,
                        INACTIVE,
                        false,
                        "alice",
                        "maintenance",
                        8,
                        held.version()));
    }

    @Test
    void theReasonOfATransitionIsWhatWasSeenLast() {
        HealthThresholds one = new HealthThresholds(1, 1, StatusCodes.NONE, StatusCodes.NONE);
        Status active = Status.initial(ACTIVE, 5);

        assertThat(active.pinged(SILENT, one, true, 6).why()).isEqualTo("no reply");
        assertThat(active.pinged(replied(500), one, true, 6).why()).isEqualTo("reply 500");
        assertThat(active.pinged(UNREACHABLE, one, true, 6).why()).isEqualTo("unreachable");
        assertThat(active.pinged(NOT_SENT, one, true, 6).why()).isEqualTo("could not be sent");
        assertThat(active.observed(strikes(1, true, 408), one, true, 6).why()).isEqualTo("no reply");
        assertThat(active.observed(strikes(1, true, 503), one, true, 6).why()).isEqualTo("unreachable");
        assertThat(active.observed(strikes(1, false, 503), one, true, 6).who()).isEqualTo("traffic");
    }

    @Test
    void theNextActorBeginsATermOfItsOwn() {
        Status status = Status.initial(ACTIVE, 5).inNextTerm(7);

        assertThat(status.version()).isEqualTo(new StatusVersion(1, 0, 7));
        assertThat(status.pinged(SILENT, THREE, true, 6).version()).isEqualTo(new StatusVersion(1, 1, 7));
    }

    @ParameterizedTest
    @EnumSource(DestinationState.class)
    void aLateStatusOfAnOlderActorCountsUnlessSomethingWasDecided(DestinationState state) {
        Status late = new Status(new StatusVersion(9, 3, 1), true, false, false, 2, 0, false, 1, "bob", "old");
        Status local = Status.initial(state, 5).inNextTerm(7);

        assertThat(local.mergedWith(late, LocalChanges.NONE, 7))
                .isEqualTo(new Status(new StatusVersion(10, 1, 7), true, false, false, 2, 0, false, 1, "bob", "old"));
        assertThat(local.mergedWith(late, LocalChanges.NONE.withOperator(), 7).state())
                .isEqualTo(state);
        assertThat(local.mergedWith(late, LocalChanges.NONE.withOperator(), 7).version())
                .isEqualTo(new StatusVersion(10, 1, 7));
    }

    @ParameterizedTest
    @CsvSource({
        // source of changes here, late, steps here, state, probing, busy, who
        "nobody, held, silent, INACTIVE, false, false, bob",
        "evidence, held, silent silent silent, INACTIVE, true, false, bob",
        "evidence, held, busy, INACTIVE, false, true, bob",
        "evidence, probing, good, ACTIVE, false, false, table",
        "evidence, probing, busy, ACTIVE, false, true, probe",
        "evidence, probing, silent silent silent, PROBING, true, false, bob",
        "evidence, active, silent silent silent, PROBING, true, false, probe",
        "evidence, active, silent silent silent i, PROBING, true, false, bob",
        "operator, held, i release, ACTIVE, false, false, alice",
        "operator, active, i, INACTIVE, false, false, alice",
    })
    void whatWasSaidHereStandsAndAHoldIsForOperatorsAlone(
            String speaker,
            String lateSays,
            String steps,
            DestinationState state,
            boolean probing,
            boolean busy,
            String who) {
        Status late = new Status(
                new StatusVersion(9, 3, 1),
                lateSays.equals("held"),
                lateSays.equals("probing"),
                false,
                0,
                0,
                false,
                1,
                "bob",
                "old");
        Status local = Status.initial(ACTIVE, 5).inNextTerm(7);
        for (String step : steps.split(" ")) {
            local = STEPS.get(step).apply(local);
        }

        Status both =
                local.mergedWith(late, new LocalChanges(speaker.equals("operator"), speaker.equals("evidence")), 7);

        assertThat(both.version()).isEqualTo(new StatusVersion(10, 1, 7));
        assertThat(both.state()).isEqualTo(state);
        assertThat(both.probing()).isEqualTo(probing);
        assertThat(both.busy()).isEqualTo(busy);
        assertThat(both.who()).isEqualTo(who);
    }

    @Test
    void aSuccessOrATransitionIsEvidenceAndASingleFailureIsNot() {
        Status active = Status.initial(ACTIVE, 5);
        Status held = Status.initial(INACTIVE, 5);

        assertThat(LocalChanges.NONE.withEvidence(active, active, true).evidence())
                .isTrue();
        assertThat(LocalChanges.NONE
                        .withEvidence(active, Status.initial(PROBING, 5), false)
                        .evidence())
                .isTrue();
        assertThat(LocalChanges.NONE
                        .withEvidence(active, STEPS.get("silent").apply(active), false)
                        .evidence())
                .isFalse();
        assertThat(LocalChanges.NONE.withEvidence(held, held, true).evidence()).isFalse();
        assertThat(LocalChanges.NONE
                        .withEvidence(active.withdrawn("", ""), active.withdrawn("", ""), true)
                        .evidence())
                .isFalse();
    }

    @Test
    void anOrderThatChangesSomethingIsRememberedWithTheChange() {
        Status before = Status.initial(ACTIVE, 5).inNextTerm(7);
        Status held = before.set(INACTIVE, "alice", "maintenance", 8);

        Status ordered = held.ordered("o1", before);

        assertThat(ordered.version()).isEqualTo(held.version());
        assertThat(ordered.hasExecuted("o1")).isTrue();
        assertThat(ordered.hasExecuted("o2")).isFalse();
        assertThat(ordered.state()).isEqualTo(INACTIVE);
    }

    @Test
    void anOrderThatChangesNothingIsANewVersionSoThatTheNodesRememberIt() {
        Status before = Status.initial(INACTIVE, 5).inNextTerm(7);

        Status ordered = before.set(INACTIVE, "alice", "maintenance", 8).ordered("o1", before);

        assertThat(ordered.version()).isEqualTo(before.version().nextChange());
        assertThat(ordered.hasExecuted("o1")).isTrue();
        assertThat(ordered.who()).isEqualTo("table");
        assertThat(DestinationEvent.between("a", Samples.definition(ACTIVE, 1), before, ordered))
                .isNull();
    }

    @Test
    void anOrderWithoutANameIsNotRemembered() {
        Status before = Status.initial(ACTIVE, 5).inNextTerm(7);

        assertThat(before.ordered("", before)).isSameAs(before);
        assertThat(before.hasExecuted("")).isFalse();
    }

    @Test
    void theLastEightOrdersAreRemembered() {
        Status status = Status.initial(ACTIVE, 5).inNextTerm(7);
        for (int i = 1; i <= 9; i++) {
            status = status.ordered("o" + i, status);
        }

        assertThat(status.orders()).containsExactly("o2", "o3", "o4", "o5", "o6", "o7", "o8", "o9");
        assertThat(status.version()).isEqualTo(new StatusVersion(1, 9, 7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"good", "silent", "busy", "i", "a", "p", "release", "call", "strikes", "gone"})
    void whatComesLaterForgetsNoOrder(String step) {
        Status before = Status.initial(ACTIVE, 5);
        Status ordered =
                before.set(INACTIVE, "bob", "x", 6).ordered("o1", before).released("bob", "y", 7);

        assertThat(STEPS.get(step).apply(ordered).hasExecuted("o1")).isTrue();
        assertThat(STEPS.get(step).apply(ordered).inNextTerm(9).hasExecuted("o1"))
                .isTrue();
    }

    @Test
    void theOrdersOfAnotherActorAreJoinedUnlessAnOperatorGaveAnOrderHere() {
        Status late =
                new Status(new StatusVersion(9, 3, 1), true, false, false, 2, 0, false, 1, "bob", "old", List.of("o1"));
        Status local = Status.initial(ACTIVE, 5).inNextTerm(7);

        assertThat(local.mergedWith(late, LocalChanges.NONE, 7).hasExecuted("o1"))
                .isTrue();
        assertThat(local.mergedWith(late, new LocalChanges(false, true), 7).hasExecuted("o1"))
                .isTrue();
        assertThat(local.mergedWith(late, LocalChanges.NONE.withOperator(), 7).held())
                .isFalse();
    }

    @Test
    void ordersAloneAreNoDifferenceThatIsWorthARecord() {
        Status before = Status.initial(INACTIVE, 5).inNextTerm(7);

        assertThat(before.ordered("o1", before).equalsIgnoringVersion(before)).isTrue();
        assertThat(before.equalsIgnoringVersion(before.ordered("o1", before))).isTrue();
    }
}
