package org.sipdispatch.demo;

/**
 * When a message over UDP is retransmitted and when its sender gives up: timers A and B of an INVITE, E and F of other
 * requests (RFC 3261 section 17.1), and the timers of a 2xx to an INVITE (section 13.3.1.4). Times are in milliseconds.
 */
final class RetransmissionTimer {
    /** The default of T1 in RFC 3261, like that of T2. */
    static final long T1_MS = 500;

    private static final long T2_MS = 4_000;
    private static final long GIVE_UP_MS = 64 * T1_MS;
    /** Timer C: a proxy cancels an INVITE that rings for longer without a provisional response. */
    private static final long RINGING_MS = 180_000;

    private final boolean invite;
    private long intervalMs = T1_MS;
    private long nextMs;
    private long endMs;

    private RetransmissionTimer(boolean invite, long nowMs) {
        this.invite = invite;
        nextMs = nowMs + T1_MS;
        endMs = nowMs + GIVE_UP_MS;
    }

    /** The timers of an INVITE: the interval doubles each time. */
    static RetransmissionTimer ofInvite(long nowMs) {
        return new RetransmissionTimer(true, nowMs);
    }

    /** The timers of other requests and of a 2xx to an INVITE: the interval doubles up to T2. */
    static RetransmissionTimer ofOther(long nowMs) {
        return new RetransmissionTimer(false, nowMs);
    }

    /** A provisional response arrived: an INVITE is no longer retransmitted, other requests every T2. */
    void provisional(long nowMs) {
        intervalMs = T2_MS;
        if (invite) {
            nextMs = Long.MAX_VALUE;
            endMs = nowMs + RINGING_MS;
        }
    }

    /** Whether to retransmit now; if so, schedules the next retransmission. */
    boolean isDue(long nowMs) {
        if (nowMs < nextMs) {
            return false;
        }
        intervalMs = invite ? 2 * intervalMs : Math.min(2 * intervalMs, T2_MS);
        nextMs = nowMs + intervalMs;
        return true;
    }

    boolean isOver(long nowMs) {
        return nowMs >= endMs;
    }

    /** The time until the next retransmission or the end, 1 at least. */
    int pauseMs(long nowMs) {
        return (int) Math.max(1, Math.min(nextMs, endMs) - nowMs);
    }
}
