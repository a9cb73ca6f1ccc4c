package org.sipdispatch.observation;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts by reason, and when a line in the log is due: the first time for each reason, and then every ten seconds at
 * most. Thread-safe. All times are milliseconds of the same monotonic clock.
 */
final class ReasonCounts<E extends Enum<E>> {
    private static final long LINE_EVERY_MS = 10_000;

    private final AtomicLongArray counts;
    private final AtomicLongArray logged;
    private final AtomicLongArray lineDueMs;

    ReasonCounts(Class<E> reasons) {
        int size = reasons.getEnumConstants().length;
        counts = new AtomicLongArray(size);
        logged = new AtomicLongArray(size);
        lineDueMs = new AtomicLongArray(size);
        for (int i = 0; i < size; i++) {
            lineDueMs.set(i, Long.MIN_VALUE);
        }
    }

    /** Counts one; returns the number since the last line if a line is due, else 0. */
    long add(E why, long nowMs) {
        int at = why.ordinal();
        long sum = counts.incrementAndGet(at);
        long dueMs = lineDueMs.get(at);
        return nowMs >= dueMs && lineDueMs.compareAndSet(at, dueMs, nowMs + LINE_EVERY_MS)
                ? sum - logged.getAndSet(at, sum)
                : 0;
    }

    /** The number for this reason. */
    long get(E why) {
        return counts.get(why.ordinal());
    }
}
