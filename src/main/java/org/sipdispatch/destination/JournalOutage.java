package org.sipdispatch.destination;

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/** Tracks how long the database has answered none of the recovering journals. Thread-safe. */
final class JournalOutage {
    /** A database that works answers within this time. */
    static final long LONGEST_MS = 2000;

    private static final long NEVER = Long.MIN_VALUE;

    private final LongSupplier nowMs;
    /** The journals that have waited since the last answer. */
    private final Set<Object> waiting = new HashSet<>();

    private volatile long askedMs = NEVER;

    /** {@code nowMs}: a monotonic clock, in milliseconds. */
    JournalOutage(LongSupplier nowMs) {
        this.nowMs = nowMs;
    }

    /** {@code journal}: identifies the journal that waits for the database. */
    synchronized void asked(Object journal) {
        waiting.add(journal);
        askedMs = askedMs == NEVER ? nowMs.getAsLong() : askedMs;
    }

    synchronized void answered() {
        waiting.clear();
        askedMs = NEVER;
    }

    /** The journal is stopped. It may have waited. */
    synchronized void stopped(Object journal) {
        if (waiting.remove(journal) && waiting.isEmpty()) {
            askedMs = NEVER;
        }
    }

    boolean isSilent() {
        long asked = askedMs;
        return asked != NEVER && nowMs.getAsLong() - asked >= LONGEST_MS;
    }
}
