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
        return new RecordedOrder(
                id, "d", kind, 1, invoked * SECOND, answered * SECOND, RecordedOrder.Outcome.OK, null, "200");
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
    void aCallMayFailOnlyThroughAPausedNodeAndInAKnownWay() {
        List<Placed> wrong = List.of(
                new Placed(1, 12 * SECOND, 13 * SECOND, "INVITE: SIP/2.0 503 Service Unavailable"),
                new Placed(0, 12 * SECOND, 21 * SECOND, "INVITE: SIP/2.0 500 No Destination"),
                new Placed(0, 2 * SECOND, 3 * SECOND, "INVITE: no answer, 32000 ms after it began"),
                new Placed(0, 21 * SECOND, 53 * SECOND, "INVITE: no answer, 32000 ms after it began"));
        List<Placed> right = List.of(
                new Placed(0, 12 * SECOND, 21 * SECOND, "INVITE: SIP/2.0 503 Service Unavailable"),
                new Placed(0, 21 * SECOND, 22 * SECOND, "INVITE: SIP/2.0 503 Service Unavailable"),
                new Placed(0, 12 * SECOND, 44 * SECOND, "INVITE: no answer, 32000 ms after it began"),
                new Placed(1, 12 * SECOND, 13 * SECOND, ""));

        CallsInPauses calls = new CallsInPauses(
                List.of(wrong, right).stream().flatMap(List::stream).toList(), PAUSES);

        assertThat(calls.wrong()).isEqualTo(wrong);
        assertThat(List.of(calls.good(), calls.refused(), calls.lost())).containsExactly(1, 2, 1);
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
}
