package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.cluster.LoneNode.Step.CONFIRMED;
import static org.sipdispatch.cluster.LoneNode.Step.SUPERSEDED;
import static org.sipdispatch.cluster.LoneNode.Step.WAIT;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.cluster.Witness.Answer;

class LoneNodeTest {
    private static final long SILENCE = 1000;
    private static final long START = Long.MAX_VALUE - 500;

    private final LoneNode node = new LoneNode("a", SILENCE);

    private LoneNode.Step sees(String owner, long beat, long afterNanos) {
        return node.after(new Witness.Sighting(Answer.YES, owner, beat), START + afterNanos);
    }

    @Test
    void itsOwnSignOfLifeConfirmsIt() {
        assertThat(sees("a", 7, 0)).isEqualTo(CONFIRMED);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "YES")
    void whereTheDatabaseKnowsNobodyOrIsSilentNobodyElseHasFoundedACluster(Answer answer) {
        assertThat(node.after(new Witness.Sighting(answer, "", 0), START)).isEqualTo(CONFIRMED);
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

        assertThat(sees("b", 7, 1001)).isEqualTo(CONFIRMED);
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
        assertThat(sees("b", 7, 1001)).isEqualTo(CONFIRMED);

        assertThat(sees("b", 9, 5000)).isEqualTo(WAIT);
        assertThat(sees("a", 9, 5001)).isEqualTo(CONFIRMED);
        assertThat(sees("b", 10, 9000)).isEqualTo(WAIT);
    }
}
