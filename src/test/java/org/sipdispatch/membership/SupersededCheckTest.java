package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.membership.SupersededCheck.OtherCluster.CLAIM;
import static org.sipdispatch.membership.SupersededCheck.OtherCluster.NONE;
import static org.sipdispatch.membership.SupersededCheck.OtherCluster.SUPERSEDED;
import static org.sipdispatch.membership.SupersededCheck.OtherCluster.WAIT;

import org.junit.jupiter.api.Test;
import org.sipdispatch.membership.Arbiter.ClaimResult;

class SupersededCheckTest {
    private static final long SILENCE = 1000;
    private static final long START = Long.MAX_VALUE - 500;

    private final SupersededCheck node = new SupersededCheck("a"::equals, SILENCE);

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
        assertThat(node.after(silence, START + 1001)).isEqualTo(NONE);
    }

    @Test
    void anotherOneThatGivesASignOfLifeSupersedesIt() {
        assertThat(sees("b", 7, 0)).isEqualTo(WAIT);
        assertThat(sees("b", 7, 999)).isEqualTo(WAIT);

        assertThat(sees("b", 8, 1000)).isEqualTo(SUPERSEDED);
    }

    @Test
    void anotherOneThatIsSilentForLongerThanALivingOneIsDead() {
        assertThat(sees("b", 7, 0)).isEqualTo(WAIT);
        assertThat(sees("b", 7, 1000)).isEqualTo(WAIT);

        assertThat(sees("b", 7, 1001)).isEqualTo(CLAIM);
    }

    @Test
    void forAThirdOneTheTimeBeginsAnew() {
        sees("b", 7, 0);
        assertThat(sees("c", 9, 900)).isEqualTo(WAIT);
        assertThat(sees("c", 9, 1001)).isEqualTo(WAIT);

        assertThat(sees("c", 10, 1002)).isEqualTo(SUPERSEDED);
    }

    @Test
    void afterAnAnswerItKnowsNothingAgain() {
        sees("b", 7, 0);
        assertThat(sees("b", 7, 1001)).isEqualTo(CLAIM);

        assertThat(sees("b", 9, 5000)).isEqualTo(WAIT);
        assertThat(sees("a", 9, 5001)).isEqualTo(CLAIM);
        assertThat(sees("b", 10, 9000)).isEqualTo(WAIT);
    }
}
