package org.sipdispatch.observation;

/** Figures of one destination over the last ten seconds. Written by one thread at a time, readable on any thread. */
final class FigureWindow {
    private static final int SECONDS = 10;

    /**
     * Sums since the start of the node.
     *
     * @param requests sent requests
     * @param completed requests with a final response, without one in time, or that could not be sent
     * @param answered requests with a 2xx
     * @param responses requests with a first response
     * @param latencyMicros the sum of the times to these first responses
     */
    record Totals(long requests, long completed, long answered, long responses, long latencyMicros) {
        static final Totals NONE = new Totals(0, 0, 0, 0, 0);

        Totals plus(Totals other) {
            return new Totals(
                    requests + other.requests,
                    completed + other.completed,
                    answered + other.answered,
                    responses + other.responses,
                    latencyMicros + other.latencyMicros);
        }
    }

    /** The totals of the last seconds, as a ring: a new one replaces the oldest. */
    private final Totals[] ring = new Totals[SECONDS + 1];

    private int count;
    private volatile long requestsPerSecond;
    private volatile long latencyMs;
    private volatile long unansweredPercent;

    /** Adds the totals one second after the last ones. */
    synchronized void add(Totals now) {
        ring[count % ring.length] = now;
        count++;
        int seconds = Math.min(count, ring.length) - 1;
        Totals before = ring[(count - 1 - seconds) % ring.length];
        requestsPerSecond = ratio(now.requests - before.requests, seconds);
        latencyMs = ratio(now.latencyMicros - before.latencyMicros, 1000 * (now.responses - before.responses));
        long completed = now.completed - before.completed;
        unansweredPercent = ratio(100 * (completed - (now.answered - before.answered)), completed);
    }

    /** Rounded; 0 without a base. */
    private static long ratio(long part, long base) {
        return base <= 0 ? 0 : Math.max(0, Math.round((double) part / base));
    }

    long requestsPerSecond() {
        return requestsPerSecond;
    }

    long latencyMs() {
        return latencyMs;
    }

    long unansweredPercent() {
        return unansweredPercent;
    }
}
