package org.sipdispatch.observation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FigureWindowTest {
    private final FigureWindow window = new FigureWindow();

    @Test
    void thereIsNoFigureBeforeTheSecondTotals() {
        window.add(new FigureWindow.Totals(1000, 10, 1, 10, 10_000));

        assertThat(window.requestsPerSecond()).isZero();
        assertThat(window.latencyMs()).isZero();
        assertThat(window.unansweredPercent()).isZero();
    }

    @Test
    void theFiguresAreThoseOfTheTimeBetween() {
        window.add(new FigureWindow.Totals(1000, 100, 100, 100, 1_000_000));
        window.add(new FigureWindow.Totals(1030, 120, 115, 110, 1_250_000));

        assertThat(window.requestsPerSecond()).isEqualTo(30);
        assertThat(window.latencyMs()).isEqualTo(25);
        assertThat(window.unansweredPercent()).isEqualTo(25);
    }

    @Test
    void whatIsOlderThanTenSecondsIsForgotten() {
        window.add(FigureWindow.Totals.NONE);
        FigureWindow.Totals burst = new FigureWindow.Totals(100, 100, 0, 100, 5_000_000);
        for (int second = 0; second < 10; second++) {
            window.add(burst);
        }
        assertThat(window.requestsPerSecond()).isEqualTo(10);
        assertThat(window.unansweredPercent()).isEqualTo(100);

        window.add(burst);

        assertThat(window.requestsPerSecond()).isZero();
        assertThat(window.latencyMs()).isZero();
        assertThat(window.unansweredPercent()).isZero();
    }

    private static FigureWindow.Totals responses(long count, long latencyMicros) {
        return new FigureWindow.Totals(count, count, count, count, latencyMicros);
    }

    @Test
    void thePresentLatencyFollowsATenthOfEachNewOne() {
        assertThat(window.presentLatencyMicros()).isZero();
        window.add(responses(10, 200_000));
        assertThat(window.presentLatencyMicros()).isEqualTo(20_000);

        window.add(responses(11, 320_000));
        assertThat(window.presentLatencyMicros()).isEqualTo(30_000);
        assertThat(window.usualLatencyMicros()).isEqualTo(29_091);

        window.add(responses(111, 12_320_000));
        assertThat(window.presentLatencyMicros()).isBetween(119_000L, 120_000L);
        window.add(responses(111, 12_320_000));
        assertThat(window.presentLatencyMicros()).isBetween(119_000L, 120_000L);
        assertThat(window.usualLatencyMicros()).isEqualTo(110_991);
    }

    /** Otherwise ten trials would be needed after one slow response. */
    @Test
    void afterTenSecondsWithoutARequestThePresentLatencyIsMostlyTheNewOne() {
        window.add(responses(1, 100_000));
        for (int second = 0; second < 10; second++) {
            window.add(responses(1, 100_000));
        }

        window.add(responses(2, 110_000));

        assertThat(window.presentLatencyMicros()).isBetween(38_000L, 39_000L);
    }

    /** The usual latency forgets nothing until there are two million. */
    @Test
    void theUsualLatencyOfMillionsStillMoves() {
        window.add(responses(5_000_000, 5_000_000L * 1000));
        window.add(responses(5_000_000 + (1 << 20), 5_000_000L * 1000 + (1 << 20) * 3000L));

        assertThat(window.usualLatencyMicros()).isEqualTo(2000);
    }

    @Test
    void itIsIdleAfterTenSecondsWithoutARequest() {
        window.add(responses(7, 7000));
        for (int second = 1; second < 10; second++) {
            window.add(responses(7, 7000));
            assertThat(window.isIdle(7)).isFalse();
        }

        window.add(responses(7, 7000));
        assertThat(window.isIdle(7)).isTrue();
        assertThat(window.isIdle(8)).isFalse();

        window.add(responses(8, 8000));
        assertThat(window.isIdle(8)).isFalse();
    }
}
