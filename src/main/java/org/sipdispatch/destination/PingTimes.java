package org.sipdispatch.destination;

/** When a destination was pinged last, and when the next ping is due. Not thread-safe. */
final class PingTimes {
    /** No ping is due. */
    static final long NONE = -1;

    private long lastAtMs = PingSchedule.NEVER;
    private long nextAtMs;

    long lastAtMs() {
        return lastAtMs;
    }

    long nextAtMs() {
        return nextAtMs;
    }

    void sent(long nowMs) {
        lastAtMs = nowMs;
    }

    /**
     * Computes the time of the next ping.
     *
     * @param slots null if no pings are due
     * @return the delay until then, in milliseconds, or {@link #NONE}
     */
    long next(PingSchedule slots, Status status, long nowMs) {
        if (slots == null) {
            nextAtMs = 0;
            return NONE;
        }
        boolean doubted = status.failures() > 0 && !status.probing() && lastAtMs != PingSchedule.NEVER;
        nextAtMs = doubted ? slots.nextAfterFailure(lastAtMs, nowMs) : slots.next(lastAtMs, nowMs);
        return nextAtMs - nowMs;
    }
}
