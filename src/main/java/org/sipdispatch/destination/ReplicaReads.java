package org.sipdispatch.destination;

/**
 * When a destination's actor reads the replicated status again although its definition is only repeated: every 10 s, at
 * other times than most other actors. Not thread-safe.
 */
final class ReplicaReads {
    static final long INTERVAL_MS = 10_000;
    private static final int SLOTS = 10;

    private boolean scheduled;
    private long dueMs;

    /** Whether a read is due; the next one is then due after the interval. {@code place}: the destination's number. */
    boolean isDue(int place, long nowMs) {
        if (!scheduled) {
            scheduled = true;
            dueMs = nowMs + place % SLOTS * (INTERVAL_MS / SLOTS);
        }
        // The clock may be set back.
        if (nowMs < dueMs && dueMs - nowMs <= INTERVAL_MS) {
            return false;
        }
        dueMs = nowMs + INTERVAL_MS;
        return true;
    }
}
