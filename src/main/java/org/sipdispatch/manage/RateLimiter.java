package org.sipdispatch.manage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * Rate limiter with a token bucket for each client: an address, or an authenticated caller at an address. A bucket
 * holds the tokens of one second. The number of buckets is bounded. Thread-safe.
 */
final class RateLimiter {
    private static final int MOST_BUCKETS = 10_000;
    private static final double NANOS = 1e9;

    private final int perSecond;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MOST_BUCKETS)
            // An unused bucket is full again by then.
            .expireAfterAccess(Duration.ofSeconds(10))
            .build();

    RateLimiter(int perSecond) {
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

    /** Whether the client may send one more request now. */
    boolean allows(String who, long nowNanos) {
        return perSecond == 0
                || buckets.get(who, unused -> new Bucket(perSecond, nowNanos)).take(perSecond, nowNanos);
    }
}
