package org.sipdispatch.demo;

/**
 * When a message over UDP is sent again and when its sender gives up: timers A and B of an INVITE, E and F of another
 * request (RFC 3261 section 17.1), and the like of a 2xx to an INVITE (section 13.3.1.4). Times are in milliseconds.
 */
final class Repeats {
    /** The default of RFC 3261, as T2. */
    static final long T1_MS = 500;

    private static final long T2_MS = 4_000;
    private static final long GIVE_UP_MS = 64 * T1_MS;
    /** Timer C: a proxy lets no INVITE ring for longer than this without a word. */
    private static final long RINGING_MS = 180_000;

    private final boolean invite;
    private long intervalMs = T1_MS;
    private long nextMs;
    private long endMs;

    private Repeats(boolean invite, long nowMs) {
        this.invite = invite;
        nextMs = nowMs + T1_MS;
        endMs = nowMs + GIVE_UP_MS;
    }

    /** Of an INVITE: the interval doubles each time. */
    static Repeats ofInvite(long nowMs) {
        return new Repeats(true, nowMs);
    }

    /** Of another request, and of a 2xx to an INVITE: the interval doubles up to T2. */
    static Repeats ofOther(long nowMs) {
        return new Repeats(false, nowMs);
    }

    /** A provisional response came: an INVITE is not repeated any more, another request each T2. */
    void provisional(long nowMs) {
        intervalMs = T2_MS;
        if (invite) {
            nextMs = Long.MAX_VALUE;
            endMs = nowMs + RINGING_MS;
        }
    }

    /** Whether the message is to be sent again now; the next time is set then. */
    boolean isDue(long nowMs) {
        if (nowMs < nextMs) {
            return false;
        }
        intervalMs = invite ? 2 * intervalMs : Math.min(2 * intervalMs, T2_MS);
        nextMs = nowMs + intervalMs;
        return true;
    }

    /** Whether it is time to give up. */
    boolean isOver(long nowMs) {
        return nowMs >= endMs;
    }

    /** How long nothing is to be done, 1 at least. */
    int pauseMs(long nowMs) {
        return (int) Math.max(1, Math.min(nextMs, endMs) - nowMs);
    }
}
