package org.sipdispatch.manage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * How many requests come from each address, or caller there: a bucket of tokens for each that is heard of, which fills by
 * the rate and holds a second's worth. Only so many are remembered. Thread-safe.
 */
final class Rates {
    private static final int MOST_BUCKETS = 10_000;
    private static final double NANOS = 1e9;

    private final int perSecond;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MOST_BUCKETS)
            // By then it is full again.
            .expireAfterAccess(Duration.ofSeconds(10))
            .build();

    Rates(int perSecond) {
        this.perSecond = perSecond;
    }

    private static final class Bucket {
        private double tokens;
        private long atNanos;

        Bucket(double tokens, long atNanos) {
            this.tokens = tokens;
            this.atNanos = atNanos;
        }

        synchronized boolean take(double perSecond, long nowNanos) {
            tokens = Math.min(perSecond, tokens + Math.max(0, nowNanos - atNanos) * perSecond / NANOS);
            atNanos = nowNanos;
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }

    int perSecond() {
        return perSecond;
    }

    /** Whether one more of his is not too many. */
    boolean allows(String who, long nowNanos) {
        return perSecond == 0
                || buckets.get(who, unused -> new Bucket(perSecond, nowNanos)).take(perSecond, nowNanos);
    }
}
