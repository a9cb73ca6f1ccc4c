package org.sipdispatch.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sets.LimitValues;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;

    private static LimitValues rate(int perSecond, int burst) {
        return LimitValues.of(0, perSecond, burst);
    }

    /** In each interval, with any arrivals and with tokens that are put back. */
    @Property(tries = 300)
    void noIntervalHasMoreThanItsRateAndOneBurst(@ForAll long seed) {
        Random random = new Random(seed);
        int perSecond = 1 + random.nextInt(200);
        int burst = 1 + random.nextInt(20);
        long now = random.nextLong();
        TokenBucket bucket = TokenBucket.full(rate(perSecond, burst), now);
        List<Long> taken = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            now += random.nextInt(3) == 0 ? random.nextInt((int) SECOND) / perSecond * 3L : random.nextInt(1000);
            int most = 1 + random.nextInt(3);
            int tokens = bucket.take(most, now);
            int unused = random.nextInt(tokens + 1);
            bucket.giveBack(unused);
            for (int used = unused; used < tokens; used++) {
                taken.add(now);
            }
        }

        long interval = SECOND / perSecond;
        for (int first = 0; first < taken.size(); first++) {
            for (int last = first; last < taken.size(); last++) {
                long time = taken.get(last) - taken.get(first);
                assertThat(last - first + 1).isLessThanOrEqualTo((int) (time / interval) + burst);
            }
        }
    }

    @Property(tries = 100)
    void allTokensOfTheRateAreThereForThoseWhoAskOftenEnough(@ForAll long seed) {
        Random random = new Random(seed);
        int perSecond = 1 + random.nextInt(1000);
        long now = random.nextLong();
        long end = now + 10 * SECOND;
        TokenBucket bucket = TokenBucket.full(rate(perSecond, 2), now);
        int taken = 0;
        while (now - end < 0) {
            taken += bucket.take(1, now);
            now += random.nextInt((int) (SECOND / perSecond)) + 1;
        }

        assertThat(taken).isBetween(10 * perSecond, 10 * perSecond + 3);
    }

    @Test
    void anEmptyBucketHasItsFirstTokenAfterAnInterval() {
        TokenBucket bucket = TokenBucket.empty(rate(50, 10), 7);

        assertThat(bucket.take(7)).isFalse();
        assertThat(bucket.waitNanos(7)).isEqualTo(SECOND / 50);
        assertThat(bucket.take(7 + SECOND / 50 - 1)).isFalse();
        assertThat(bucket.take(7 + SECOND / 50)).isTrue();
        assertThat(bucket.take(7 + SECOND / 50)).isFalse();
    }

    @Test
    void afterAPauseThereIsOneBurst() {
        TokenBucket bucket = TokenBucket.full(rate(50, 10), 0);
        assertThat(bucket.take(100, 0)).isEqualTo(10);
        assertThat(bucket.waitNanos(0)).isEqualTo(SECOND / 50);

        assertThat(bucket.take(100, 60 * SECOND)).isEqualTo(10);
    }

    @Test
    void anotherRateAppliesAtOnce() {
        TokenBucket bucket = TokenBucket.full(rate(1, 1), 0);
        assertThat(bucket.take(0)).isTrue();

        bucket.resize(rate(1000, 1));

        assertThat(bucket.take(100, SECOND)).isEqualTo(1);
        assertThat(bucket.take(100, SECOND + SECOND / 1000)).isEqualTo(1);
    }
}
