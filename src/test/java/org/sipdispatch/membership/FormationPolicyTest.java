package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sipdispatch.membership.Arbiter.ClaimResult;
import org.sipdispatch.membership.Arbiter.Heartbeat;
import org.sipdispatch.membership.FormationPolicy.FormationStep;

class FormationPolicyTest {
    private static final Heartbeat NEVER = new Heartbeat(ClaimResult.NO, "", 0);
    private static final Heartbeat SILENT = new Heartbeat(ClaimResult.SILENT, "", 0);

    private static Heartbeat beat(long beat) {
        return new Heartbeat(ClaimResult.YES, "n1:1#1", beat);
    }

    @Test
    void whereNoClusterEverLivedTheFirstSeedNodeFoundsSoonAndTheOthersLater() {
        FormationPolicy first = new FormationPolicy(0, true, 5_000);
        FormationPolicy second = new FormationPolicy(1, true, 5_000);

        assertThat(first.after(NEVER, false, 0)).isEqualTo(FormationStep.WAIT);
        assertThat(second.after(NEVER, false, 0)).isEqualTo(FormationStep.WAIT);
        assertThat(first.after(NEVER, false, 1000)).isEqualTo(FormationStep.TAKE);
        assertThat(second.after(NEVER, false, 1000)).isEqualTo(FormationStep.WAIT);
        assertThat(second.after(NEVER, false, 2500)).isEqualTo(FormationStep.TAKE);
    }

    @Test
    void whileAClusterLivesNobodyFoundsAnother() {
        FormationPolicy founding = new FormationPolicy(0, true, 5_000);

        for (int i = 0; i < 100; i++) {
            assertThat(founding.after(beat(i), false, i * 1000L)).isEqualTo(FormationStep.WAIT);
        }
    }

    @Test
    void whereAClusterHasDiedItIsFoundedAnew() {
        FormationPolicy founding = new FormationPolicy(1, false, 5_000);

        assertThat(founding.after(beat(5), false, 0)).isEqualTo(FormationStep.WAIT);
        assertThat(founding.after(beat(6), false, 4000)).isEqualTo(FormationStep.WAIT);
        assertThat(founding.after(beat(6), false, 9000)).isEqualTo(FormationStep.WAIT);
        assertThat(founding.after(beat(6), false, 10_500)).isEqualTo(FormationStep.TAKE);
    }

    @Test
    void withoutTheDatabaseOnlyTheFirstSeedNodeFoundsAndOnlyAtItsStart() {
        FormationPolicy first = new FormationPolicy(0, true, 5_000);
        FormationPolicy second = new FormationPolicy(1, true, 5_000);
        FormationPolicy cutOff = new FormationPolicy(0, false, 5_000);

        first.after(SILENT, false, 0);
        second.after(SILENT, false, 0);
        cutOff.after(SILENT, false, 0);

        assertThat(first.after(SILENT, false, 9_999)).isEqualTo(FormationStep.WAIT);
        assertThat(first.after(SILENT, false, 10_000)).isEqualTo(FormationStep.FOUND);
        assertThat(second.after(SILENT, false, 100_000)).isEqualTo(FormationStep.WAIT);
        assertThat(cutOff.after(SILENT, false, 100_000)).isEqualTo(FormationStep.WAIT);
    }

    @Test
    void aDatabaseThatWasSilentIsWatchedAnew() {
        FormationPolicy founding = new FormationPolicy(0, false, 5_000);

        founding.after(beat(5), false, 0);
        founding.after(SILENT, false, 4000);

        assertThat(founding.after(beat(5), false, 6000)).isEqualTo(FormationStep.WAIT);
        assertThat(founding.after(beat(5), false, 11_000)).isEqualTo(FormationStep.TAKE);
    }

    @Test
    void aClusterThatAnswersIsJoinedHoweverLongItsSignOfLifeStandsStill() {
        FormationPolicy founding = new FormationPolicy(0, true, 5_000);
        founding.after(SILENT, false, 0);
        founding.clusterAnswered();
        assertThat(founding.after(SILENT, false, 10_000)).isEqualTo(FormationStep.WAIT);
        founding.clusterAnswered();
        assertThat(founding.after(beat(5), false, 20_000)).isEqualTo(FormationStep.WAIT);
        assertThat(founding.after(beat(5), false, 24_999)).isEqualTo(FormationStep.WAIT);
        assertThat(founding.after(beat(5), false, 25_000)).isEqualTo(FormationStep.TAKE);
    }

    @Test
    void withoutADatabaseTheFirstOfNodesThatAreAllOutsideFoundsTheCluster() {
        FormationPolicy first = new FormationPolicy(0, false, 5_000);
        FormationPolicy second = new FormationPolicy(1, false, 5_000);
        first.after(SILENT, true, 0);
        second.after(SILENT, true, 0);

        assertThat(first.after(SILENT, true, 9_999)).isEqualTo(FormationStep.WAIT);
        assertThat(first.after(SILENT, false, 10_000)).isEqualTo(FormationStep.WAIT);
        assertThat(first.after(SILENT, true, 10_000)).isEqualTo(FormationStep.FOUND);
        assertThat(second.after(SILENT, true, 100_000)).isEqualTo(FormationStep.WAIT);
    }
}
