package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private static final long SECOND = 1_000_000_000L;

    private static long allowed(RateLimiter rates, String address, int asked, long nowNanos) {
        return IntStream.range(0, asked)
                .filter(i -> rates.allows(address, nowNanos))
                .count();
    }

    @Test
    void aBurstOfASecondsWorthIsAllowedAndThenTheRate() {
        RateLimiter rates = new RateLimiter(10);

        assertThat(allowed(rates, "a", 100, 0)).isEqualTo(10);
        assertThat(allowed(rates, "a", 100, SECOND / 2)).isEqualTo(5);
        assertThat(allowed(rates, "a", 100, SECOND / 2)).isZero();
        assertThat(allowed(rates, "a", 100, 1000 * SECOND)).isEqualTo(10);
    }

    @Test
    void addressesDoNotCountForEachOther() {
        RateLimiter rates = new RateLimiter(3);

        assertThat(allowed(rates, "a", 10, 0)).isEqualTo(3);
        assertThat(allowed(rates, "b", 10, 0)).isEqualTo(3);
    }

    @Test
    void noRateAllowsEverything() {
        assertThat(allowed(new RateLimiter(0), "a", 10_000, 0)).isEqualTo(10_000);
    }

    @Test
    void aClockThatGoesBackGivesNothing() {
        RateLimiter rates = new RateLimiter(3);

        assertThat(allowed(rates, "a", 10, 10 * SECOND)).isEqualTo(3);
        assertThat(allowed(rates, "a", 10, 9 * SECOND)).isZero();
    }
}
