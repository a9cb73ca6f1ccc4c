package org.sipdispatch.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswerRatioTest {
    private static final long SECOND = 1_000_000_000L;

    private final AnswerRatio ratio = new AnswerRatio(0);

    private void ended(int number, boolean wasAnswered) {
        for (int i = 0; i < number; i++) {
            ratio.ended(wasAnswered);
        }
    }

    @Test
    void itNeedsTwentyCalls() {
        ended(19, false);
        assertThat(ratio.isAtLeast(100, 1)).isTrue();

        ended(1, false);
        assertThat(ratio.isAtLeast(1, 1)).isFalse();
    }

    @Test
    void itIsThePercentageOfAnsweredCalls() {
        ended(40, true);
        ended(60, false);

        assertThat(ratio.isAtLeast(40, 1)).isTrue();
        assertThat(ratio.isAtLeast(41, 1)).isFalse();
    }

    @Test
    void callsCountForAMinute() {
        ended(20, false);
        assertThat(ratio.isAtLeast(50, 59 * SECOND)).isFalse();

        assertThat(ratio.isAtLeast(50, 60 * SECOND)).isTrue();
        ended(20, false);
        assertThat(ratio.isAtLeast(50, 1000 * SECOND)).isTrue();
    }

    @Test
    void newCallsCountBesideOlderOnes() {
        ended(20, false);
        assertThat(ratio.isAtLeast(50, 30 * SECOND)).isFalse();
        ended(20, true);
        assertThat(ratio.isAtLeast(50, 30 * SECOND)).isTrue();
        assertThat(ratio.isAtLeast(51, 59 * SECOND)).isFalse();

        assertThat(ratio.isAtLeast(100, 60 * SECOND)).isTrue();
    }

    @Test
    void thereIsATrialEveryTenSeconds() {
        ended(20, false);

        assertThat(ratio.admits(50, 9 * SECOND)).isFalse();
        assertThat(ratio.admits(50, 10 * SECOND)).isTrue();
        assertThat(ratio.admits(50, 10 * SECOND)).isFalse();
        assertThat(ratio.admits(50, 19 * SECOND)).isFalse();
        assertThat(ratio.admits(50, 20 * SECOND)).isTrue();
    }
}
