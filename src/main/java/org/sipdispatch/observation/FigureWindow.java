package org.sipdispatch.observation;

/**
 * Figures of one destination over the last ten seconds, and its latencies. Written by one thread at a time, readable on
 * any thread.
 */
final class FigureWindow {
    private static final int SECONDS = 10;
    /** The part of a new latency in the present one, as Kamailio's {@code ds_latency_estimator_alpha} by default. */
    private static final double NEW_PART = 0.1;
    /** So many latencies count in the usual one, as in Kamailio. */
    private static final long MOST_COUNTED = 1 << 21;

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
    private Totals last = Totals.NONE;
    private double present;
    private double usual;
    private long counted;
    private int secondsWithoutRequest;
    private volatile long presentLatencyMicros;
    private volatile long usualLatencyMicros;
    /** The requests at the last addition if there have been no others for ten seconds; otherwise -1. */
    private volatile long idleAtRequests = -1;

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
        addLatency(now);
        secondsWithoutRequest = now.requests == last.requests ? Math.min(secondsWithoutRequest + 1, SECONDS) : 0;
        idleAtRequests = secondsWithoutRequest == SECONDS ? now.requests : -1;
        last = now;
    }

    /**
     * All responses of a second count as if each had their mean latency. A second without requests before counts as one
     * more, so that a single trial of an idle destination shows its latency.
     */
    private void addLatency(Totals now) {
        long responses = now.responses - last.responses;
        if (responses <= 0) {
            return;
        }
        double mean = (double) (now.latencyMicros - last.latencyMicros) / responses;
        double newPart = 1 - Math.pow(1 - NEW_PART, responses + secondsWithoutRequest);
        present = counted == 0 ? mean : present + (mean - present) * newPart;
        counted = Math.min(counted + responses, MOST_COUNTED);
        usual += (mean - usual) * Math.min(1, (double) responses / counted);
        // 0 stands for "not measured".
        presentLatencyMicros = Math.max(1, Math.round(present));
        usualLatencyMicros = Math.max(1, Math.round(usual));
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

    /** The exponential moving average of the latencies, in microseconds; 0 while there is none. */
    long presentLatencyMicros() {
        return presentLatencyMicros;
    }

    /** The mean of the last two million latencies, in microseconds; 0 while there is none. */
    long usualLatencyMicros() {
        return usualLatencyMicros;
    }

    /** Whether no request has been sent for ten seconds, {@code requests} being those until now. */
    boolean isIdle(long requests) {
        return idleAtRequests == requests;
    }
}
