package org.sipdispatch.destination;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** For how long the store has been asked by journals that begin, and has answered none of them. Thread-safe. */
final class JournalSilence {
    /** Longer than a store that answers takes for one of them. */
    static final long LONGEST_MS = 2000;

    private static final long NEVER = Long.MIN_VALUE;

    private final LongSupplier nowMs;
    private final AtomicLong askedMs = new AtomicLong(NEVER);

    /** {@code nowMs}: a clock that only goes forward, in milliseconds. */
    JournalSilence(LongSupplier nowMs) {
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
