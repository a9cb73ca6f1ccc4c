package org.sipdispatch.transaction;

import java.util.function.LongSupplier;

/** The time of the current event, and a finer clock for round-trip times. Not thread-safe. */
public final class EventClock {
    private final LongSupplier micros;
    private long nowMs;

    /** {@code micros}: a monotonic clock in microseconds. */
    public EventClock(LongSupplier micros, long nowMs) {
        this.micros = micros;
        this.nowMs = nowMs;
    }

    /** The time at which the current event started, in milliseconds of a monotonic clock. */
    public long nowMs() {
        return nowMs;
    }

    /** Starts the next event. */
    public void set(long eventMs) {
        nowMs = eventMs;
    }

    /** The current time, in microseconds of a monotonic clock. */
    public long micros() {
        return micros.getAsLong();
    }
}
