package org.sipdispatch.limits;

import java.util.concurrent.atomic.AtomicLong;
import org.sipdispatch.sets.LimitValues;

/**
 * A rate with a burst, by the generic cell rate algorithm: one number, the time at which the next token is due if tokens
 * are taken at the rate. Thread-safe. All times are nanoseconds of the same monotonic clock.
 */
final class TokenBucket {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /**
     * The rate and the burst.
     *
     * @param interval the time between two tokens
     * @param tolerance how much earlier than due the last token of a burst is
     */
    private record Rate(long interval, long tolerance) {
        static Rate of(LimitValues values) {
            long interval = SECOND_NANOS / Math.max(1, values.perSecond());
            return new Rate(interval, interval * (Math.max(1, values.burst()) - 1));
        }
    }

    private final AtomicLong due;
    private volatile Rate rate;

    private TokenBucket(LimitValues values, long dueNanos) {
        rate = Rate.of(values);
        due = new AtomicLong(dueNanos);
    }

    /** A bucket with a whole burst. */
    static TokenBucket full(LimitValues values, long nowNanos) {
        return new TokenBucket(values, nowNanos);
    }

    /** A bucket without a token. */
    static TokenBucket empty(LimitValues values, long nowNanos) {
        Rate rate = Rate.of(values);
        return new TokenBucket(values, nowNanos + rate.tolerance + rate.interval);
    }

    /** Changes rate and burst. */
    void resize(LimitValues values) {
        rate = Rate.of(values);
    }

    /** Takes a token; false if there is none. */
    boolean take(long nowNanos) {
        return take(1, nowNanos) == 1;
    }

    /** Takes as many tokens as there are, {@code most} at most, and returns their number. */
    int take(int most, long nowNanos) {
        Rate now = rate;
        while (true) {
            long before = due.get();
            long from = before - nowNanos > 0 ? before : nowNanos;
            long early = now.tolerance - (from - nowNanos);
            int tokens = early < 0 ? 0 : (int) Math.min(most, early / now.interval + 1);
            if (tokens == 0 || due.compareAndSet(before, from + tokens * now.interval)) {
                return tokens;
            }
        }
    }

    /** Puts tokens back that were not used. There are never more than a burst. */
    void giveBack(int tokens) {
        due.addAndGet(-tokens * rate.interval);
    }

    /** How long until there is a token; 0 if there is one. */
    long waitNanos(long nowNanos) {
        return Math.max(0, due.get() - nowNanos - rate.tolerance);
    }
}
