package org.sipdispatch.transport;

/**
 * How far the datagrams of one socket have been read, and how long those that are read now have waited at most. The
 * kernel does not tell Java when a datagram arrived. But it hands them out in their order, so a socket that was found
 * empty proves that all earlier ones have been read, and all that came since then have waited no longer than since
 * then.
 *
 * <p>Not thread-safe. All times are nanoseconds of the same monotonic clock.
 */
final class ReadProgress {
    private static final int TURNS_OF_AVERAGE = 4;

    private final long mostWaiting;
    private final long bufferBytes;
    private long turnNanos;
    private long readUpToNanos;
    private long waitingSinceNanos;
    private boolean wasEmptied = true;
    private long markNanos;
    private long datagramsToMark;
    private long bytesOfTurn;
    private double nanosPerByte;

    /** {@code mostWaiting}: no more datagrams fit into the socket's buffer, which has {@code bufferBytes}. */
    ReadProgress(long mostWaiting, long bufferBytes, long nowNanos) {
        this.mostWaiting = mostWaiting;
        this.bufferBytes = bufferBytes;
        turnNanos = nowNanos;
        readUpToNanos = nowNanos;
        waitingSinceNanos = nowNanos;
        mark(nowNanos);
    }

    private void mark(long nowNanos) {
        markNanos = nowNanos;
        datagramsToMark = mostWaiting;
    }

    /**
     * A turn of reading begins.
     *
     * @param ranNanos how long the lane has had a processor since the previous turn, all of the time if it is more than
     *     that; what it had to wait for one is a pause, not a queue, because shedding would not make it shorter
     */
    void begin(long nowNanos, long ranNanos) {
        long gap = nowNanos - turnNanos;
        long ran = Math.min(gap, ranNanos);
        waitingSinceNanos += gap - ran;
        turnNanos = nowNanos;
        if (!wasEmptied && bytesOfTurn > 0) {
            double last = (double) ran / bytesOfTurn;
            nanosPerByte += (last - nanosPerByte) / TURNS_OF_AVERAGE;
        }
    }

    /**
     * The turn ends, because the socket is empty, or because a turn has a limit.
     *
     * @param datagrams how many were read
     * @param bytes their size, as {@link SocketQueue} counts it
     */
    void end(int datagrams, long bytes, boolean isEmpty) {
        wasEmptied = isEmpty;
        bytesOfTurn = bytes;
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

    /** Whether the last turn found the socket empty. */
    boolean wasEmptied() {
        return wasEmptied;
    }

    /** How long a datagram that is read now has waited at most; 0 if the socket was empty after the last turn. */
    long waitedNanos() {
        return wasEmptied ? 0 : turnNanos - waitingSinceNanos;
    }

    /**
     * How long a datagram that is read now has waited about, if the lane reads as fast as in the last turns. If more
     * than half of the buffer is full it is the longest possible time, because the kernel is about to drop what comes.
     *
     * @param bytes how many wait; {@link SocketQueue#UNKNOWN} for the longest possible time
     */
    long aboutNanos(long bytes) {
        return bytes == SocketQueue.UNKNOWN || bytes > bufferBytes / 2
                ? waitedNanos()
                : Math.min(waitedNanos(), (long) (bytes * nanosPerByte));
    }

    /** All datagrams that arrived before this time have been read. */
    long readUpToNanos() {
        return readUpToNanos;
    }
}
