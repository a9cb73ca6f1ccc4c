package org.sipdispatch.destination;

/**
 * When a destination is pinged. The slots of a destination are one interval apart, at an offset of its own: with 3
 * destinations and an interval of 30 s at 0, 10 and 20 s. The slots depend only on the clock, so that all nodes agree
 * on them and another node continues in the same phase.
 *
 * @param place from 0
 * @param places how many destinations share the interval
 */
record PingSchedule(long intervalMs, int place, int places) {
    public PingSchedule {
        if (intervalMs <= 0) {
            throw new IllegalArgumentException("interval " + intervalMs);
        }
        places = Math.max(1, places);
        place = Math.floorMod(place, places);
    }

    /** The time of the last ping if none was sent yet. */
    public static final long NEVER = 0;

    /**
     * The next slot after now that is at least half an interval after the last ping. If a changed place would leave a
     * gap of more than one and a half intervals, the next ping is one interval after the last. So a change causes no
     * burst and no gap.
     *
     * @param lastPingMs {@link #NEVER} if there was none
     */
    public long next(long lastPingMs, long nowMs) {
        if (lastPingMs == NEVER) {
            return slotFrom(nowMs + 1);
        }
        // A clock that was set back must not delay pings.
        long last = Math.min(lastPingMs, nowMs);
        long half = (intervalMs + 1) / 2;
        long slot = slotFrom(Math.max(nowMs + 1, last + half));
        boolean gap = slot > last + intervalMs + half;
        return gap && last + intervalMs > nowMs ? last + intervalMs : slot;
    }

    /**
     * The next ping of a destination that has failed but is still Active: a tenth of the interval earlier than
     * otherwise, so that it becomes Probing on all nodes within threshold times interval plus timeout.
     */
    public long nextAfterFailure(long lastPingMs, long nowMs) {
        long sooner = Math.min(lastPingMs, nowMs) + intervalMs - intervalMs / 10;
        return Math.max(nowMs + 1, Math.min(sooner, next(lastPingMs, nowMs)));
    }

    private long slotFrom(long earliestMs) {
        long phase = intervalMs * place / places;
        return Math.floorDiv(earliestMs - phase + intervalMs - 1, intervalMs) * intervalMs + phase;
    }
}
