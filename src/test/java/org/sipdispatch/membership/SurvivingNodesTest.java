package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.membership.SurvivingNodes.Missed;

class SurvivingNodesTest {
    private static final List<Long> THREE = List.of(1L, 2L, 3L);
    private static final List<Long> FIVE = List.of(1L, 2L, 3L, 4L, 5L);

    private static List<Missed> missed(long... pairs) {
        List<Missed> missed = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            missed.add(new Missed(pairs[i], pairs[i + 1]));
        }
        return missed;
    }

    @Test
    void aNodeThatNobodyReachesStaysBehind() {
        assertThat(SurvivingNodes.of(THREE, missed(1, 2, 3, 2), 1)).containsExactly(1L, 3L);
    }

    @Test
    void aPausedNodeThatHasWokenTakesNobodyWithIt() {
        assertThat(SurvivingNodes.of(THREE, missed(3, 2), 1)).containsExactly(1L, 3L);
        assertThat(SurvivingNodes.of(THREE, missed(3, 2, 1, 2, 2, 1, 2, 3), 1)).containsExactly(1L, 3L);
    }

    @Test
    void ofTwoNodesWithACutLinkTheOneWithTheLowerAddressGoesOn() {
        assertThat(SurvivingNodes.of(THREE, missed(2, 3, 3, 2), 1)).containsExactly(1L, 2L);
    }

    @Test
    void thisNodeGoesOnInItsOwnView() {
        assertThat(SurvivingNodes.of(THREE, missed(2, 3, 3, 2), 3)).containsExactly(1L, 3L);
        assertThat(SurvivingNodes.of(THREE, missed(1, 2, 1, 3), 1)).containsExactly(1L);
    }

    @Test
    void forANodeThatMissesNoHeartbeatsTheEndOfACutLinkWithTheHigherAddressStaysBehind() {
        assertThat(SurvivingNodes.of(THREE, missed(2, 3, 3, 2))).containsExactly(1L, 2L);
        assertThat(SurvivingNodes.of(THREE, missed(1, 3, 3, 1))).containsExactly(1L, 2L);
    }

    @Test
    void whatANodeOfTheOtherPartMissesCountsForNothing() {
        assertThat(SurvivingNodes.of(FIVE, missed(1, 3, 1, 4, 1, 5, 2, 3, 2, 4, 2, 5, 3, 2, 4, 2), 1))
                .containsExactly(1L, 2L);
    }

    @Test
    void theNodeThatMostOthersMissStaysBehind() {
        assertThat(SurvivingNodes.of(FIVE, missed(2, 4, 3, 4, 5, 4, 4, 5), 1)).containsExactly(1L, 2L, 3L, 5L);
    }

    @Test
    void whereNobodyMissesAnythingAllGoOn() {
        assertThat(SurvivingNodes.of(FIVE, List.of(), 5)).containsExactlyElementsOf(FIVE);
    }
}
