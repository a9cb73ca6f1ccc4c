package org.sipdispatch.transport;

/**
 * How far the datagrams of one socket have been read, and how long those that are read now have waited at most. The kernel
 * does not tell Java when a datagram arrived. But it hands them out in their order, so a socket that was found empty
 * proves that all earlier ones have been read, and all that came since then have waited no longer than since then.
 *
 * <p>Not thread-safe. All times are nanoseconds of the same monotonic clock.
 */
final class ReadProgress {
    /** A lane reads each socket at every tick, 20 ms. What a longer gap has more is a pause, not a queue. */
    private static final long LONGEST_GAP_NANOS = 40_000_000;

    private final long mostWaiting;
    private long turnNanos;
    private long readUpToNanos;
    private long waitingSinceNanos;
    private boolean wasEmptied = true;
    private long markNanos;
    private long datagramsToMark;

    /** {@code mostWaiting}: no more datagrams fit into the socket's buffer. */
    ReadProgress(long mostWaiting, long nowNanos) {
        this.mostWaiting = mostWaiting;
        turnNanos = nowNanos;
        readUpToNanos = nowNanos;
        waitingSinceNanos = nowNanos;
        mark(nowNanos);
    }

    private void mark(long nowNanos) {
        markNanos = nowNanos;
        datagramsToMark = mostWaiting;
    }

    /** A turn of reading begins. */
    void begin(long nowNanos) {
        waitingSinceNanos += Math.max(0, nowNanos - turnNanos - LONGEST_GAP_NANOS);
        turnNanos = nowNanos;
    }

    /** The turn ends after so many datagrams, because the socket is empty, or because a turn has a limit. */
    void end(int datagrams, boolean isEmpty) {
        wasEmptied = isEmpty;
        datagramsToMark -= datagrams;
        if (isEmpty) {
            readUpToNanos = turnNanos;
            waitingSinceNanos = turnNanos;
            mark(turnNanos);
        } else if (datagramsToMark <= 0) {
            // As many as the buffer can hold: those that were in it at the mark are among them.
            readUpToNanos = markNanos;
            mark(turnNanos);
        }
    }

    /** How long a datagram that is read now has waited at most; 0 if the socket was empty after the last turn. */
    long waitedNanos() {
        return wasEmptied ? 0 : turnNanos - waitingSinceNanos;
    }

    /** All datagrams that arrived before this time have been read. */
    long readUpToNanos() {
        return readUpToNanos;
    }
}
