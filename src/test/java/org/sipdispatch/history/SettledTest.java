package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SettledTest {
    private final Settled settled = new Settled(5);

    @Test
    void whatIsBelowANumberThatWasSeenLongEnoughAgoComesNoMore() {
        settled.saw(10, 0);
        settled.saw(20, 3);
        assertThat(settled.isSettled(1)).isFalse();

        settled.saw(20, 5);
        assertThat(settled.isSettled(10)).isTrue();
        assertThat(settled.isSettled(11)).isFalse();

        settled.saw(20, 8);
        assertThat(settled.isSettled(20)).isTrue();
    }

    @Test
    void theSameNumberSeenAgainDoesNotBeginAnew() {
        for (int now = 0; now <= 5; now++) {
            settled.saw(10, now);
        }

        assertThat(settled.isSettled(10)).isTrue();
    }
}
