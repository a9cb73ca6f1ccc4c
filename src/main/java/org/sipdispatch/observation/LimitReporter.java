package org.sipdispatch.observation;

import java.util.function.Supplier;
import org.sipdispatch.transaction.EventClock;

/** Reports the limits that one lane reaches to {@link Limits}. */
public final class LimitReporter {
    private final Limits limits;
    private final EventClock clock;
    private final int lane;

    /** {@code lane}: the lane's number, for the log. */
    public LimitReporter(Limits limits, EventClock clock, int lane) {
        this.limits = limits;
        this.clock = clock;
        this.lane = lane;
    }

    public int lane() {
        return lane;
    }

    /** A limit was reached. {@code what} is called only if a log line is due. */
    public void hit(Limit limit, Supplier<String> what) {
        limits.hit(limit, clock.micros() / 1_000, what);
    }

    /** Like {@link #hit}, for a node that is so full that it also refuses sources that hold little. */
    public void full(Limit limit, Supplier<String> what) {
        limits.full(limit, clock.micros() / 1_000, what);
    }

    /** Returns the action for a cache of this size that drops entries early. */
    public Runnable earlyEviction(Limit limit, int most) {
        return () -> hit(
                limit,
                () -> most + " in lane " + lane
                        + " (expected: capacity for all within their lifetime); the oldest are removed early");
    }
}
