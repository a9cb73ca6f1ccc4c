package org.sipdispatch.transaction;

import java.util.function.LongSupplier;

/** The time of the event that is being handled, and a finer clock for round trips. Not thread-safe. */
public final class EventClock {
    private final LongSupplier micros;
    private long nowMs;

    /** {@code micros}: microseconds of a clock that never goes back. */
    public EventClock(LongSupplier micros, long nowMs) {
        this.micros = micros;
        this.nowMs = nowMs;
    }

    /** The time at which the event began, in milliseconds of a clock that never goes back. */
    public long nowMs() {
        return nowMs;
    }

    /** The next event begins. */
    public void set(long eventMs) {
        nowMs = eventMs;
    }

    /** The time now, while the event is handled, in microseconds. */
    public long micros() {
        return micros.getAsLong();
    }
}
