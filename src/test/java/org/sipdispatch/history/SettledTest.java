package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sipdispatch.history.JournalTable.Writing;

class SettledTest {
    private final Settled settled = new Settled(2, 5);

    @Test
    void whatIsBelowANumberThatWasSeenLongEnoughAgoComesNoMore() {
        settled.saw(10, Writing.UNKNOWN, 0);
        settled.saw(20, Writing.UNKNOWN, 3);
        assertThat(settled.isSettled(1)).isFalse();

        settled.saw(20, Writing.UNKNOWN, 5);
        assertThat(settled.isSettled(10)).isTrue();
        assertThat(settled.isSettled(11)).isFalse();

        settled.saw(20, Writing.UNKNOWN, 8);
        assertThat(settled.isSettled(20)).isTrue();
    }

    @Test
    void theSameNumberSeenAgainDoesNotBeginAnew() {
        for (int now = 0; now <= 5; now++) {
            settled.saw(10, Writing.UNKNOWN, now);
        }

        assertThat(settled.isSettled(10)).isTrue();
    }

    @Test
    void aShortTimeIsEnoughOnceAllThatWroteAtThatTimeHaveEnded() {
        settled.saw(10, new Writing(90, 100), 0);
        settled.saw(10, new Writing(99, 200), 3);
        assertThat(settled.isSettled(10)).isFalse();

        settled.saw(20, new Writing(100, 200), 4);
        assertThat(settled.isSettled(10)).isTrue();

        settled.saw(20, new Writing(300, 300), 5);
        assertThat(settled.isSettled(20)).isFalse();
    }
}
