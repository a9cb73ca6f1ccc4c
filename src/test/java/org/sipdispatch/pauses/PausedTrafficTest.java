package org.sipdispatch.pauses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.pauses.CallsInPauses.Placed;
import org.sipdispatch.pauses.HeldInvites.InviteSeen;
import org.sipdispatch.pauses.ReachableClaims.Line;

/** The checks of calls and log lines against the pauses of nodes. */
class PausedTrafficTest {
    private static final long SECOND = 1_000_000_000L;
    private static final List<Pause> PAUSES = List.of(new Pause(0, 10 * SECOND, 20 * SECOND));

    private static RecordedOrder order(String id, RecordedOrder.Kind kind, long invoked, long answered) {
        return order(id, kind, invoked, answered, RecordedOrder.Outcome.OK);
    }

    private static RecordedOrder order(
            String id, RecordedOrder.Kind kind, long invoked, long answered, RecordedOrder.Outcome outcome) {
        return new RecordedOrder(id, "d", kind, 1, invoked * SECOND, answered * SECOND, outcome, null, "200");
    }

    private static InviteSeen invite(int node, long second) {
        return new InviteSeen("d", node, "c" + second, second * SECOND);
    }

    @Test
    void aCallToAHeldDestinationIsWrongUntilAReleaseBegins() {
        List<RecordedOrder> orders = List.of(
                order("o1", RecordedOrder.Kind.HOLD, 11, 12),
                order("o2", RecordedOrder.Kind.HOLD, 13, 14),
                order("o3", RecordedOrder.Kind.RELEASE, 22, 25));

        List<HeldInvites.Wrong> wrong =
                HeldInvites.of(List.of(invite(1, 11), invite(0, 21), invite(1, 15), invite(1, 23)), orders, PAUSES);

        assertThat(wrong)
                .containsExactly(
                        new HeldInvites.Wrong(invite(0, 21), "o1", 9 * SECOND, SECOND),
                        new HeldInvites.Wrong(invite(1, 15), "o1", 3 * SECOND, Long.MAX_VALUE));
    }

    @Test
    void aReleaseOfTheSameTimeMayBeTheLaterOne() {
        List<RecordedOrder> orders =
                List.of(order("o1", RecordedOrder.Kind.HOLD, 11, 12), order("o2", RecordedOrder.Kind.RELEASE, 10, 11));

        assertThat(HeldInvites.of(List.of(invite(1, 15)), orders, PAUSES)).isEmpty();
    }

    @Test
    void aReleaseThatFailedEndsNoHoldButOneWithAnUnknownOutcomeMay() {
        RecordedOrder hold = order("o1", RecordedOrder.Kind.HOLD, 1, 2);
        RecordedOrder failed = order("o2", RecordedOrder.Kind.RELEASE, 3, 40, RecordedOrder.Outcome.FAILED);
        RecordedOrder unknown = order("o3", RecordedOrder.Kind.RELEASE, 6, 40, RecordedOrder.Outcome.UNKNOWN);
        List<InviteSeen> invites = List.of(invite(1, 5), invite(1, 7));

        assertThat(HeldInvites.of(invites, List.of(hold, failed), PAUSES)).hasSize(2);
        assertThat(HeldInvites.of(invites, List.of(hold, failed, unknown), PAUSES))
                .hasSize(1);
        assertThat(HeldInvites.checkedNs(List.of(hold, failed), 10 * SECOND)).isEqualTo(8 * SECOND);
        assertThat(HeldInvites.checkedNs(List.of(hold, failed, unknown), 10 * SECOND))
                .isEqualTo(4 * SECOND);
    }

    @Test
    void aResumedNodeMustNotUseAnOldStateHoweverShortTheHold() {
        List<RecordedOrder> orders = List.of(order("o1", RecordedOrder.Kind.HOLD, 18, 19));
        long resumed = 20 * SECOND;
        InviteSeen soon = new InviteSeen("d", 0, "c1", resumed + SECOND / 10);
        InviteSeen late = new InviteSeen("d", 0, "c2", resumed + 3 * SECOND / 10);

        assertThat(HeldInvites.of(List.of(soon, late), orders, PAUSES))
                .filteredOn(HeldInvites.Wrong::isTooLate)
                .extracting(HeldInvites.Wrong::invite)
                .containsExactly(late);
    }

    @Test
    void aRunningNodeLearnsOfAHoldWithinASecond() {
        List<RecordedOrder> orders = List.of(order("o1", RecordedOrder.Kind.HOLD, 30, 31));
        InviteSeen soon = new InviteSeen("d", 0, "c1", 31 * SECOND + 9 * SECOND / 10);
        InviteSeen late = new InviteSeen("d", 0, "c2", 32 * SECOND + SECOND / 10);

        List<HeldInvites.Wrong> wrong = HeldInvites.of(List.of(soon, late), orders, PAUSES);

        assertThat(wrong).noneMatch(HeldInvites.Wrong::isOfResumedNode);
        assertThat(wrong)
                .filteredOn(HeldInvites.Wrong::isTooLate)
                .extracting(HeldInvites.Wrong::invite)
                .containsExactly(late);
    }

    @Test
    void aCallThatArrivesDuringAPauseWasSentBeforeIt() {
        List<RecordedOrder> orders = List.of(order("o1", RecordedOrder.Kind.HOLD, 11, 12));

        assertThat(HeldInvites.of(List.of(invite(0, 15)), orders, PAUSES)).isEmpty();
    }

    private static Placed refused(int node, double ended) {
        return new Placed(
                node,
                (long) ((ended - 1) * SECOND),
                (long) (ended * SECOND),
                "INVITE: SIP/2.0 503 Rejoining The Cluster");
    }

    @Test
    void aCallMayFailOnlyThroughAPausedNodeAndInAKnownWay() {
        List<Placed> wrong = List.of(
                new Placed(0, 21 * SECOND, 22 * SECOND, "INVITE: SIP/2.0 503 Service Unavailable"),
                new Placed(0, 12 * SECOND, 21 * SECOND, "INVITE: SIP/2.0 500 No Destination"),
                new Placed(0, 2 * SECOND, 3 * SECOND, "INVITE: no answer, 32000 ms after it began"),
                new Placed(0, 21 * SECOND, 53 * SECOND, "INVITE: no answer, 32000 ms after it began"));
        List<Placed> right = List.of(
                refused(0, 21),
                refused(0, 22),
                new Placed(0, 12 * SECOND, 44 * SECOND, "INVITE: no answer, 32000 ms after it began"),
                new Placed(1, 12 * SECOND, 13 * SECOND, ""));

        CallsInPauses calls = new CallsInPauses(
                List.of(wrong, right).stream().flatMap(List::stream).toList(), 3, PAUSES);

        assertThat(calls.wrong()).isEqualTo(wrong);
        assertThat(calls.lateRefusals()).isEmpty();
        assertThat(List.of(calls.good(), calls.refused(), calls.lost())).containsExactly(1, 2, 1);
        assertThat(calls.longestSingleNs()).isEqualTo(2 * SECOND);
    }

    @Test
    void aResumedNodeRefusesCallsOnlyForSomeSeconds() {
        List<Placed> all = List.of(refused(0, 22), refused(0, 27), refused(0, 28));

        assertThat(new CallsInPauses(all, 3, PAUSES).lateRefusals())
                .containsExactly("node 1 refused 2 calls too late, the last one 8000 ms after it resumed"
                        + " (expected: within 6000 ms)");
    }

    @Test
    void aNodeThatWasNeverPausedRefusesNoCalls() {
        assertThat(new CallsInPauses(List.of(refused(1, 22)), 3, PAUSES).lateRefusals())
                .containsExactly("node 2 refused 1 calls and had not been paused");
    }

    @Test
    void overlappingPausesDelayTheReturnUntilAMajorityRuns() {
        List<Pause> two = List.of(new Pause(0, 10 * SECOND, 20 * SECOND), new Pause(1, 19 * SECOND, 40 * SECOND));

        assertThat(new CallsInPauses(List.of(refused(0, 34)), 3, two).lateRefusals())
                .isEmpty();
        assertThat(new CallsInPauses(List.of(refused(0, 36)), 3, two).lateRefusals())
                .singleElement()
                .asString()
                .contains("the last one 16000 ms", "expected: within 15000 ms", "overlapped");
        List<Pause> threeOfThree = List.of(
                new Pause(0, 10 * SECOND, 20 * SECOND),
                new Pause(1, 19 * SECOND, 30 * SECOND),
                new Pause(2, 19 * SECOND, 28 * SECOND));
        assertThat(new CallsInPauses(List.of(refused(0, 42)), 3, threeOfThree).lateRefusals())
                .isEmpty();
        assertThat(new CallsInPauses(List.of(refused(0, 44)), 3, threeOfThree).lateRefusals())
                .hasSize(1);
    }

    @Test
    void aNodeThatHearsNoOtherOneTakesCallsAfterSomeTime() {
        List<Pause> two = List.of(new Pause(0, 10 * SECOND, 20 * SECOND), new Pause(1, 21 * SECOND, 50 * SECOND));

        assertThat(new CallsInPauses(List.of(refused(0, 35)), 2, two).lateRefusals())
                .isEmpty();
        assertThat(new CallsInPauses(List.of(refused(0, 37)), 2, two).lateRefusals())
                .hasSize(1);
    }

    @Test
    void aLoneNodeMustNotClaimThatItIsMore() {
        List<Pause> two = List.of(new Pause(0, 10 * SECOND, 20 * SECOND), new Pause(1, 11 * SECOND, 20 * SECOND));
        String claim = "2 of 3 nodes are reachable: this side continues";

        assertThat(ReachableClaims.violations(List.of(new Line(2, 15 * SECOND, claim)), 3, two))
                .singleElement()
                .asString()
                .contains("node 3 claims 2 of 3", "while 1 ran");
        assertThat(ReachableClaims.violations(List.of(new Line(2, 13 * SECOND, claim)), 3, two))
                .isEmpty();
    }

    @Test
    void oneNodeMustNotTakeTwoOthersOut() {
        String decision = "SBR took decision %s and is downing [%s]%s, [2] unreachable of [3] members, all members [a]";
        List<Line> lines = List.of(
                new Line(2, 15 * SECOND, decision.formatted("DownUnreachable", "a:1, b:1", "")),
                new Line(1, 15 * SECOND, decision.formatted("DownReachable", "c:1, b:1", " including myself")),
                new Line(0, 15 * SECOND, decision.formatted("DownUnreachable", "a:1", "")));

        assertThat(ReachableClaims.violations(lines, 3, PAUSES)).containsExactly("node 3 takes 2 of 3 out");
        assertThat(lines).allMatch(line -> ReachableClaims.isClaim(line.text()));
    }

    @Test
    void aLoneNodeOfThreeMustNotGoOn() {
        String three = "1 of 3 nodes are reachable: this side continues";
        String two = "1 of 2 nodes are reachable: this side continues";
        List<Line> lines = List.of(new Line(2, 15 * SECOND, three), new Line(2, 15 * SECOND, two));

        assertThat(ReachableClaims.violations(lines, 3, PAUSES)).hasSize(1);
        assertThat(ReachableClaims.onesOfTwo(lines)).isEqualTo(1);
    }

    @Test
    void aPauseThatANodeNoticedAndNoSignalCausedIsOneOfTheHost() {
        String noticed = "WARN  PauseDetector this process was paused for 1500 ms";
        List<Line> lines = List.of(
                new Line(0, 20 * SECOND, noticed),
                new Line(1, 21 * SECOND, noticed),
                new Line(1, 22 * SECOND, "other"));

        assertThat(HostPauses.of(lines, PAUSES))
                .containsExactly(new Pause(1, 21 * SECOND - 3 * SECOND / 2, 21 * SECOND));
    }
}
