package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sipdispatch.history.JournalTable.RunningTransactions;

class GapWatermarkTest {
    private final GapWatermark watermark = new GapWatermark(2, 5);

    @Test
    void whatIsBelowANumberThatWasSeenLongEnoughAgoComesNoMore() {
        watermark.observe(10, RunningTransactions.UNKNOWN, 0);
        watermark.observe(20, RunningTransactions.UNKNOWN, 3);
        assertThat(watermark.isComplete(1)).isFalse();

        watermark.observe(20, RunningTransactions.UNKNOWN, 5);
        assertThat(watermark.isComplete(10)).isTrue();
        assertThat(watermark.isComplete(11)).isFalse();

        watermark.observe(20, RunningTransactions.UNKNOWN, 8);
        assertThat(watermark.isComplete(20)).isTrue();
    }

    @Test
    void theSameNumberSeenAgainDoesNotBeginAnew() {
        for (int now = 0; now <= 5; now++) {
            watermark.observe(10, RunningTransactions.UNKNOWN, now);
        }

        assertThat(watermark.isComplete(10)).isTrue();
    }

    @Test
    void aShortTimeIsEnoughOnceAllThatWroteAtThatTimeHaveEnded() {
        watermark.observe(10, new RunningTransactions(90, 100), 0);
        watermark.observe(10, new RunningTransactions(99, 200), 3);
        assertThat(watermark.isComplete(10)).isFalse();

        watermark.observe(20, new RunningTransactions(100, 200), 4);
        assertThat(watermark.isComplete(10)).isTrue();

        watermark.observe(20, new RunningTransactions(300, 300), 5);
        assertThat(watermark.isComplete(20)).isFalse();
    }
}
