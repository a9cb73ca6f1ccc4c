package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.membership.FormationPolicy.OtherSeeds.ALL_OUTSIDE;
import static org.sipdispatch.membership.FormationPolicy.OtherSeeds.SOME_ANSWER;

import org.junit.jupiter.api.Test;
import org.sipdispatch.membership.Arbiter.ClaimResult;
import org.sipdispatch.membership.Arbiter.Heartbeat;
import org.sipdispatch.membership.FormationPolicy.FormationStep;
import org.sipdispatch.membership.FormationPolicy.OtherSeeds;

class FormationPolicyTest {
    private static final Heartbeat NEVER = new Heartbeat(ClaimResult.NO, "", 0);
    private static final Heartbeat SILENT = new Heartbeat(ClaimResult.SILENT, "", 0);

    private static Heartbeat beat(long beat) {
        return new Heartbeat(ClaimResult.YES, "n1:1#1", beat);
    }

    @Test
    void whereNoClusterEverLivedTheFirstSeedNodeFoundsSoonAndTheOthersLater() {
        FormationPolicy first = new FormationPolicy(0, true, 5_000, 1_000);
        FormationPolicy second = new FormationPolicy(1, true, 5_000, 1_000);

        assertThat(first.after(NEVER, SOME_ANSWER, 0)).isEqualTo(FormationStep.WAIT);
        assertThat(second.after(NEVER, SOME_ANSWER, 0)).isEqualTo(FormationStep.WAIT);
        assertThat(first.after(NEVER, SOME_ANSWER, 1000)).isEqualTo(FormationStep.TAKE);
        assertThat(second.after(NEVER, SOME_ANSWER, 1000)).isEqualTo(FormationStep.WAIT);
        assertThat(second.after(NEVER, SOME_ANSWER, 2500)).isEqualTo(FormationStep.TAKE);
    }

    @Test
    void whileAClusterLivesNobodyFoundsAnother() {
        FormationPolicy founding = new FormationPolicy(0, true, 5_000, 1_000);

        for (int i = 0; i < 100; i++) {
            assertThat(founding.after(beat(i), SOME_ANSWER, i * 1000L)).isEqualTo(FormationStep.WAIT);
        }
    }

    @Test
    void whereAClusterHasDiedItIsFoundedAnew() {
        FormationPolicy founding = new FormationPolicy(1, false, 5_000, 1_000);

        assertThat(founding.after(beat(5), SOME_ANSWER, 0)).isEqualTo(FormationStep.WAIT);
        assertThat(founding.after(beat(6), SOME_ANSWER, 4000)).isEqualTo(FormationStep.WAIT);
        assertThat(founding.after(beat(6), SOME_ANSWER, 9000)).isEqualTo(FormationStep.WAIT);
        assertThat(founding.after(beat(6), SOME_ANSWER, 10_500)).isEqualTo(FormationStep.TAKE);
    }

    @Test
    void aNodeThatHasLeftAndThatNobodyAnswersDoesNotWaitForLowerOnes() {
        FormationPolicy left = new FormationPolicy(1, false, 5_000, 1_000);
        FormationPolicy started = new FormationPolicy(1, true, 5_000, 1_000);
        left.after(beat(5), OtherSeeds.SILENT, 0);
        started.after(beat(5), OtherSeeds.SILENT, 0);

        assertThat(left.after(beat(5), OtherSeeds.SILENT, 4_999)).isEqualTo(FormationStep.WAIT);
        assertThat(left.after(beat(5), OtherSeeds.SILENT, 5_000)).isEqualTo(FormationStep.TAKE);
        assertThat(started.after(beat(5), OtherSeeds.SILENT, 5_000)).isEqualTo(FormationStep.WAIT);
        assertThat(started.after(beat(5), OtherSeeds.SILENT, 6_500)).isEqualTo(FormationStep.TAKE);
    }

    /** The answers are newer than the last heartbeat, so no node has formed a cluster since. */
    @Test
    void whereAllNodesAnswerThatTheyAreInNoClusterItIsFormedSooner() {
        FormationPolicy left = new FormationPolicy(0, false, 5_000, 1_000);
        FormationPolicy second = new FormationPolicy(1, false, 5_000, 1_000);
        left.after(beat(5), SOME_ANSWER, 0);
        second.after(beat(5), ALL_OUTSIDE, 0);

        assertThat(left.after(beat(6), ALL_OUTSIDE, 1_000)).isEqualTo(FormationStep.WAIT);
        assertThat(left.after(beat(6), ALL_OUTSIDE, 2_999)).isEqualTo(FormationStep.WAIT);
        assertThat(left.after(beat(6), SOME_ANSWER, 3_000)).isEqualTo(FormationStep.WAIT);
        assertThat(left.after(beat(6), ALL_OUTSIDE, 3_000)).isEqualTo(FormationStep.TAKE);
        assertThat(second.after(beat(5), ALL_OUTSIDE, 3_499)).isEqualTo(FormationStep.WAIT);
        assertThat(second.after(beat(5), ALL_OUTSIDE, 3_500)).isEqualTo(FormationStep.TAKE);
    }

    @Test
    void whereNoOtherNodesAreKnownNoneHasAnswered() {
        assertThat(OtherSeeds.of(0, 0, 0)).isEqualTo(OtherSeeds.SILENT);
        assertThat(OtherSeeds.of(2, 1, 2)).isEqualTo(SOME_ANSWER);
        assertThat(OtherSeeds.of(2, 2, 2)).isEqualTo(ALL_OUTSIDE);
    }

    @Test
    void withoutTheDatabaseOnlyTheFirstSeedNodeFoundsAndOnlyAtItsStart() {
        FormationPolicy first = new FormationPolicy(0, true, 5_000, 1_000);
        FormationPolicy second = new FormationPolicy(1, true, 5_000, 1_000);
        FormationPolicy cutOff = new FormationPolicy(0, false, 5_000, 1_000);

        first.after(SILENT, SOME_ANSWER, 0);
        second.after(SILENT, SOME_ANSWER, 0);
        cutOff.after(SILENT, SOME_ANSWER, 0);

        assertThat(first.after(SILENT, SOME_ANSWER, 9_999)).isEqualTo(FormationStep.WAIT);
        assertThat(first.after(SILENT, SOME_ANSWER, 10_000)).isEqualTo(FormationStep.FOUND);
        assertThat(second.after(SILENT, SOME_ANSWER, 100_000)).isEqualTo(FormationStep.WAIT);
        assertThat(cutOff.after(SILENT, SOME_ANSWER, 100_000)).isEqualTo(FormationStep.WAIT);
    }

    @Test
    void aDatabaseThatWasSilentIsWatchedAnew() {
        FormationPolicy founding = new FormationPolicy(0, false, 5_000, 1_000);

        founding.after(beat(5), SOME_ANSWER, 0);
        founding.after(SILENT, SOME_ANSWER, 4000);

        assertThat(founding.after(beat(5), SOME_ANSWER, 6000)).isEqualTo(FormationStep.WAIT);
        assertThat(founding.after(beat(5), SOME_ANSWER, 11_000)).isEqualTo(FormationStep.TAKE);
    }

    @Test
    void aClusterThatAnswersIsJoinedHoweverLongItsSignOfLifeStandsStill() {
        FormationPolicy founding = new FormationPolicy(0, true, 5_000, 1_000);
        founding.after(SILENT, SOME_ANSWER, 0);
        founding.clusterAnswered();
        assertThat(founding.after(SILENT, SOME_ANSWER, 10_000)).isEqualTo(FormationStep.WAIT);
        founding.clusterAnswered();
        assertThat(founding.after(beat(5), SOME_ANSWER, 20_000)).isEqualTo(FormationStep.WAIT);
        assertThat(founding.after(beat(5), SOME_ANSWER, 24_999)).isEqualTo(FormationStep.WAIT);
        assertThat(founding.after(beat(5), SOME_ANSWER, 25_000)).isEqualTo(FormationStep.TAKE);
    }

    @Test
    void withoutADatabaseTheFirstOfNodesThatAreAllOutsideFoundsTheCluster() {
        FormationPolicy first = new FormationPolicy(0, false, 5_000, 1_000);
        FormationPolicy second = new FormationPolicy(1, false, 5_000, 1_000);
        first.after(SILENT, ALL_OUTSIDE, 0);
        second.after(SILENT, ALL_OUTSIDE, 0);

        assertThat(first.after(SILENT, ALL_OUTSIDE, 9_999)).isEqualTo(FormationStep.WAIT);
        assertThat(first.after(SILENT, SOME_ANSWER, 10_000)).isEqualTo(FormationStep.WAIT);
        assertThat(first.after(SILENT, ALL_OUTSIDE, 10_000)).isEqualTo(FormationStep.FOUND);
        assertThat(second.after(SILENT, ALL_OUTSIDE, 100_000)).isEqualTo(FormationStep.WAIT);
    }
}
