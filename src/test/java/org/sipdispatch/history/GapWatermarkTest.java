package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sipdispatch.history.JournalTable.RunningTransactions;

class GapWatermarkTest {
    private final GapWatermark settled = new GapWatermark(2, 5);

    @Test
    void whatIsBelowANumberThatWasSeenLongEnoughAgoComesNoMore() {
        settled.observe(10, RunningTransactions.UNKNOWN, 0);
        settled.observe(20, RunningTransactions.UNKNOWN, 3);
        assertThat(settled.isSettled(1)).isFalse();

        settled.observe(20, RunningTransactions.UNKNOWN, 5);
        assertThat(settled.isSettled(10)).isTrue();
        assertThat(settled.isSettled(11)).isFalse();

        settled.observe(20, RunningTransactions.UNKNOWN, 8);
        assertThat(settled.isSettled(20)).isTrue();
    }

    @Test
    void theSameNumberSeenAgainDoesNotBeginAnew() {
        for (int now = 0; now <= 5; now++) {
            settled.observe(10, RunningTransactions.UNKNOWN, now);
        }

        assertThat(settled.isSettled(10)).isTrue();
    }

    @Test
    void aShortTimeIsEnoughOnceAllThatWroteAtThatTimeHaveEnded() {
        settled.observe(10, new RunningTransactions(90, 100), 0);
        settled.observe(10, new RunningTransactions(99, 200), 3);
        assertThat(settled.isSettled(10)).isFalse();

        settled.observe(20, new RunningTransactions(100, 200), 4);
        assertThat(settled.isSettled(10)).isTrue();

        settled.observe(20, new RunningTransactions(300, 300), 5);
        assertThat(settled.isSettled(20)).isFalse();
    }
}
