package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PingScheduleTest {
    @ParameterizedTest
    @CsvSource({
        // interval, place, places, last, now, next
        "30000, 0, 3, 0, 60000, 90000",
        "30000, 0, 3, 0, 59999, 60000",
        "30000, 1, 3, 0, 60000, 70000",
        "30000, 2, 3, 0, 60000, 80000",
        "30000, 1, 3, 70000, 70000, 100000",
        "30000, 1, 3, 70050, 70051, 100000",
        "30000, 1, 3, 69990, 69991, 100000",
        "30000, 0, 3, 80000, 80000, 120000",
        "30000, 0, 3, 74000, 80000, 90000",
        "30000, 0, 1, 60000, 200000, 210000",
        "30000, 0, 1, 900000, 60000, 90000",
        "30000, 7, 3, 0, 60000, 70000",
        "30000, 0, 0, 0, 60000, 90000",
        "1000, 0, 1, 90000, 90001, 91000",
    })
    void theNextPingIsAt(long interval, int place, int places, long last, long now, long next) {
        assertThat(new PingSchedule(interval, place, places).next(last, now)).isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource({
        // place, places, last, now, next
        "0, 3, 90000, 93000, 117000",
        "1, 3, 70000, 73000, 97000",
        "0, 3, 90000, 118000, 118001",
        "0, 3, 118000, 119000, 145000",
    })
    void afterAFailureTheNextPingComesATenthSooner(int place, int places, long last, long now, long next) {
        assertThat(new PingSchedule(30_000, place, places).nextAfterFailure(last, now))
                .isEqualTo(next);
    }

    @Property(tries = 2000)
    void noGapIsShorterThanHalfAnIntervalOrLongerThanOneAndAHalf(
            @ForAll long seed, @ForAll @LongRange(min = 100, max = 3_600_000) long interval) {
        Random random = new Random(seed);
        long last = 1_700_000_000_000L + random.nextInt(10_000_000);
        int place = 0;
        int places = 1;

        for (int i = 0; i < 50; i++) {
            if (random.nextInt(3) == 0) {
                places = 1 + random.nextInt(5000);
                place = random.nextInt(places);
            }
            // A change may come at any time up to the next ping.
            long next = new PingSchedule(interval, place, places).next(last, last + random.nextInt((int) interval));
            assertThat(next - last).isBetween(interval / 2, interval + (interval + 1) / 2);
            last = next;
        }
    }

    @Property(tries = 200)
    void noSecondHoldsManyMorePingsThanAnother(
            @ForAll @IntRange(min = 1, max = 3000) int places, @ForAll @IntRange(min = 1, max = 120) int seconds) {
        long interval = seconds * 1000L;
        int[] pings = new int[seconds];

        for (int place = 0; place < places; place++) {
            long next = new PingSchedule(interval, place, places).next(0, 1_700_000_000_000L);
            pings[(int) (next % interval / 1000)]++;
        }

        int most = (int) Math.ceil(2.0 * places / seconds) + 1;
        assertThat(Arrays.stream(pings).max().orElse(0)).isLessThanOrEqualTo(most);
    }
}
