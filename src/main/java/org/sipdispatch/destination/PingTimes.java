package org.sipdispatch.destination;

/** When a destination was pinged last, and when it is due again. Not thread-safe. */
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
     * Finds the time of the next one.
     *
     * @param plan null as long as nothing is defined
     * @return how long it is until then, in milliseconds, or none
     */
    long next(ProbePlan plan, Definition definition, Status status, long nowMs) {
        if (plan == null || !plan.pings(status)) {
            nextAtMs = 0;
            return NONE;
        }
        PingSchedule slots = new PingSchedule(plan.intervalMs(status), definition.place(), definition.places());
        boolean doubted = status.failures() > 0 && !status.probing() && lastAtMs != PingSchedule.NEVER;
        nextAtMs = doubted ? slots.nextAfterFailure(lastAtMs, nowMs) : slots.next(lastAtMs, nowMs);
        return nextAtMs - nowMs;
    }
}
