package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommonTimesTest {
    private static final long MS = 1_000_000;
    private static final long ORIGIN = -7 * MS;

    private final CommonTimes times = new CommonTimes(ORIGIN);

    private long nextMs(long nowMs, long intervalMs) {
        return (times.next(ORIGIN + nowMs * MS, intervalMs * MS) - ORIGIN) / MS;
    }

    @Test
    void tasksThatBeganAtDifferentTimesAreDueAtCommonTimes() {
        Set<Long> wakeUpsMs = new TreeSet<>();
        long[] intervalsMs = {200, 200, 500, 1000, 1000, 2000, 60_000};
        for (int i = 0; i < intervalsMs.length; i++) {
            long runMs = 13 * i;
            while (runMs < 3000) {
                runMs = nextMs(runMs, intervalsMs[i]);
                wakeUpsMs.add(runMs);
            }
        }

        assertThat(wakeUpsMs.stream().filter(ms -> ms >= 1000 && ms < 2000))
                .containsExactly(1000L, 1200L, 1400L, 1500L, 1600L, 1800L);
    }

    @ParameterizedTest
    @ValueSource(longs = {50, 200, 250, 375, 1000, 60_000})
    void aTaskIsDueAtItsIntervalAlsoIfItRunsSomewhatLate(long intervalMs) {
        long dueMs = nextMs(3, intervalMs);
        assertThat(dueMs).isBetween(4L, 3 + intervalMs);

        for (int i = 1; i < 20; i++) {
            assertThat(nextMs(dueMs + i % 7, intervalMs)).isEqualTo(dueMs + intervalMs);
            dueMs += intervalMs;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 17, 33, 201, 1001})
    void anIntervalWithFewTimesInCommonStartsAtTheRun(long intervalMs) {
        assertThat(nextMs(100, intervalMs)).isEqualTo(100 + intervalMs);
    }

    @Test
    void afterAPauseNoRunIsMadeUpFor() {
        assertThat(nextMs(5_130, 200)).isEqualTo(5_200);
        assertThat(nextMs(5_200, 200)).isEqualTo(5_400);
    }

    @Test
    void theLongestIntervalIsNotDueNow() {
        long nowNanos = System.nanoTime();

        assertThat(times.next(nowNanos, Long.MAX_VALUE) - nowNanos).isGreaterThan(TimeUnit.DAYS.toNanos(1));
    }
}
