package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.membership.SupersededCheck.OtherCluster.CLAIM;
import static org.sipdispatch.membership.SupersededCheck.OtherCluster.SUPERSEDED;
import static org.sipdispatch.membership.SupersededCheck.OtherCluster.UNKNOWN;
import static org.sipdispatch.membership.SupersededCheck.OtherCluster.WAIT;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.membership.Arbiter.ClaimResult;

class SupersededCheckTest {
    private static final long SILENCE = 1000;
    private static final long START = Long.MAX_VALUE - 500;

    private final SupersededCheck node = new SupersededCheck("a", SILENCE);

    private SupersededCheck.OtherCluster sees(String owner, long beat, long afterNanos) {
        return node.after(new Arbiter.Heartbeat(ClaimResult.YES, owner, beat), START + afterNanos);
    }

    @Test
    void itClaimsItsOwnHeartbeatBeforeAnotherNodeDoes() {
        assertThat(sees("a", 7, 0)).isEqualTo(CLAIM);
    }

    @Test
    void whereTheDatabaseHasNoHeartbeatItClaimsTheFirst() {
        assertThat(node.after(new Arbiter.Heartbeat(ClaimResult.NO, "", 0), START))
                .isEqualTo(CLAIM);
    }

    @Test
    void aDatabaseThatStaysSilentIsWaitedForAsLongAsALivingClusterMayBeSilent() {
        Arbiter.Heartbeat silence = new Arbiter.Heartbeat(ClaimResult.SILENT, "", 0);

        assertThat(node.after(silence, START)).isEqualTo(WAIT);
        assertThat(node.after(silence, START + 1000)).isEqualTo(WAIT);
        assertThat(node.after(silence, START + 1001)).isEqualTo(UNKNOWN);
    }

    @Test
    void anotherClusterHasSupersededItEvenIfItHasEndedSince() {
        assertThat(sees("b", 7, 0)).isEqualTo(SUPERSEDED);
        assertThat(sees("b", 7, 1001)).isEqualTo(SUPERSEDED);
    }

    @Test
    void theLastHeartbeatOfAMemberThatIsGoneIsClaimed() {
        node.memberAnswered("b", START);

        assertThat(sees("b", 7, 0)).isEqualTo(CLAIM);
    }

    @Test
    void theHeartbeatOfAMemberThatWasRemovedBeforeThisNodeWroteItIsOfAnotherCluster() {
        node.memberAnswered("b", START);
        node.membersSeen(List.of("a", "b"), START + 100);
        node.membersSeen(List.of("a"), START + 200);

        node.heartbeatWritten(START + 100);
        assertThat(sees("b", 7, 300)).isEqualTo(CLAIM);

        node.heartbeatWritten(START + 150);
        assertThat(sees("b", 8, 300)).isEqualTo(SUPERSEDED);
    }

    @Test
    void theHeartbeatOfANodeThatHasNotAnsweredIsOfAnotherCluster() {
        node.membersSeen(List.of("a", "b"), START);

        assertThat(sees("b", 7, 0)).isEqualTo(SUPERSEDED);
    }

    @Test
    void theTimeOfASilentDatabaseBeginsAgainAfterAnAnswer() {
        Arbiter.Heartbeat silence = new Arbiter.Heartbeat(ClaimResult.SILENT, "", 0);
        node.after(silence, START);
        sees("a", 7, 900);

        assertThat(node.after(silence, START + 1001)).isEqualTo(WAIT);
        assertThat(node.after(silence, START + 2001)).isEqualTo(WAIT);
        assertThat(node.after(silence, START + 2002)).isEqualTo(UNKNOWN);
    }
}
