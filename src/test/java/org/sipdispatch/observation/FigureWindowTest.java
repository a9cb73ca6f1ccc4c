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
}
