package org.sipdispatch.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The exchanges of one run: how far each is, and how long each took. */
final class Exchanges {
    private static final byte OPEN = 1;
    private static final byte ANSWERED = 2;
    private static final byte FINISHED = 3;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final long first;
    private final long[] plannedNanos;
    private final byte[] states;
    private final Histogram latencies = new Histogram(LONGEST_NANOS, 3);
    private int started;
    private int completed;
    private int refused;
    private int refusal;
    private int lost;
    private int oldest;
    private long relayed;
    private long lastNanos;
    private boolean isAllStarted;
    private int completedMeanwhile;

    /**
     * @param first the number of the first exchange
     * @param count how many there will be
     */
    Exchanges(long first, int count) {
        this.first = first;
        plannedNanos = new long[count];
        states = new byte[count];
    }

    /** Starts the next exchange; returns its number. {@code planned}: when it is due, by {@link System#nanoTime}. */
    long start(long planned) {
        plannedNanos[started] = planned;
        states[started] = OPEN;
        return first + started++;
    }

    /** The first request of an exchange was answered. Returns false if that was known. */
    boolean answered(long number) {
        int index = index(number);
        if (index < 0 || states[index] != OPEN) {
            return false;
        }
        states[index] = ANSWERED;
        record(index);
        return true;
    }

    /** The exchange is complete. */
    void complete(long number) {
        int index = index(number);
        if (index < 0 || states[index] == FINISHED) {
            return;
        }
        if (states[index] == OPEN) {
            record(index);
        }
        states[index] = FINISHED;
        completed++;
        completedMeanwhile += isAllStarted ? 0 : 1;
        lastNanos = System.nanoTime();
    }

    /** A request of the exchange was refused. */
    void refuse(long number, int status) {
        int index = index(number);
        if (index >= 0 && states[index] != FINISHED) {
            states[index] = FINISHED;
            refusal = refused++ == 0 ? status : refusal;
            lastNanos = System.nanoTime();
        }
    }

    /** Ends the exchanges that are not complete after the timeout, which counts as the latency of those without a response. */
    void expire(long timeoutNanos) {
        long before = System.nanoTime() - timeoutNanos;
        while (oldest < started && (states[oldest] == FINISHED || plannedNanos[oldest] - before < 0)) {
            if (states[oldest] == OPEN) {
                latencies.recordValue(Math.min(timeoutNanos, LONGEST_NANOS));
            }
            if (states[oldest] != FINISHED) {
                states[oldest] = FINISHED;
                lost++;
            }
            oldest++;
        }
    }

    /** No more exchanges begin. */
    void allStarted() {
        isAllStarted = true;
    }

    /** Whether the first request of the exchange that was started as this one, from 0, has no response. */
    boolean isUnanswered(int index) {
        return states[index] == OPEN;
    }

    long plannedNanos(int index) {
        return plannedNanos[index];
    }

    long number(int index) {
        return first + index;
    }

    /** The proxy has passed a message on. */
    void relayed() {
        relayed++;
    }

    /** -1 for an exchange of another run. */
    private int index(long number) {
        long index = number - first;
        return index >= 0 && index < started ? (int) index : -1;
    }

    private void record(int index) {
        long nanos = System.nanoTime() - plannedNanos[index];
        latencies.recordValue(Math.min(Math.max(nanos, 0), LONGEST_NANOS));
    }

    /** The seconds until the last exchange ended; until now if none did. */
    double seconds(long beginNanos) {
        return ((completed + refused > 0 ? lastNanos : System.nanoTime()) - beginNanos) / 1e9;
    }

    int started() {
        return started;
    }

    int open() {
        return started - completed - refused - lost;
    }

    int completed() {
        return completed;
    }

    /** How many were completed before the last one began. */
    int completedMeanwhile() {
        return completedMeanwhile;
    }

    /** How many were answered with another status than 2xx. */
    int refused() {
        return refused;
    }

    /** The status of the first refusal; 0 if there was none. */
    int refusal() {
        return refusal;
    }

    /** How many were not complete in time. */
    int lost() {
        return lost;
    }

    /** The number of messages that reached callees, and of responses of callees that reached callers. */
    long messages() {
        return relayed;
    }

    /** The times from the planned beginning to the response to the first request, in nanoseconds. */
    Histogram latencies() {
        return latencies;
    }
}
