package org.sipdispatch.destination;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Tracks how long the database has answered none of the recovering journals. Thread-safe. */
final class JournalOutage {
    /** A database that works answers within this time. */
    static final long LONGEST_MS = 2000;

    private static final long NEVER = Long.MIN_VALUE;

    private final LongSupplier nowMs;
    private final AtomicLong askedMs = new AtomicLong(NEVER);

    /** {@code nowMs}: a monotonic clock, in milliseconds. */
    JournalOutage(LongSupplier nowMs) {
        this.nowMs = nowMs;
    }

    void asked() {
        askedMs.compareAndSet(NEVER, nowMs.getAsLong());
    }

    void answered() {
        askedMs.set(NEVER);
    }

    boolean isSilent() {
        long asked = askedMs.get();
        return asked != NEVER && nowMs.getAsLong() - asked >= LONGEST_MS;
    }
}
