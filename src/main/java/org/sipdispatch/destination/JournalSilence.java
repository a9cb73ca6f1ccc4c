package org.sipdispatch.destination;

import java.util.concurrent.atomic.AtomicLong;

/** For how long the store has been asked by journals that begin, and has answered none of them. Thread-safe. */
final class JournalSilence {
    /** Longer than a store that answers takes for one of them. */
    static final long LONGEST_MS = 2000;

    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLong askedMs = new AtomicLong(NEVER);

    void asked(long nowMs) {
        askedMs.compareAndSet(NEVER, nowMs);
    }

    void answered() {
        askedMs.set(NEVER);
    }

    boolean isSilent(long nowMs) {
        long asked = askedMs.get();
        return asked != NEVER && nowMs - asked >= LONGEST_MS;
    }
}
