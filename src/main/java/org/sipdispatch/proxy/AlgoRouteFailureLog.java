package org.sipdispatch.proxy;

import java.util.function.LongSupplier;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.sets.SetId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the calls of extensions' algorithms that failed or took long, and logs one line every ten seconds for each
 * kind. One lane only.
 */
final class AlgoRouteFailureLog {
    private static final Logger LOG = LoggerFactory.getLogger(AlgoRouteFailureLog.class);
    private static final long LINE_EVERY_MICROS = 10_000_000;
    private static final long SLOW_MICROS = 10_000;

    private final LaneCounters counters;
    private final LongSupplier micros;
    private long failureLineDue = Long.MIN_VALUE;
    private long slowLineDue = Long.MIN_VALUE;

    /** {@code micros}: a monotonic clock in microseconds. */
    AlgoRouteFailureLog(LaneCounters counters, LongSupplier micros) {
        this.counters = counters;
        this.micros = micros;
    }

    long startMicros() {
        return micros.getAsLong();
    }

    /** All calls for one request returned. */
    void returned(String route, long startMicros) {
        long now = micros.getAsLong();
        long spent = now - startMicros;
        if (spent < SLOW_MICROS) {
            return;
        }
        counters.add(LaneCounter.ALGO_ROUTES_SLOW);
        if (now >= slowLineDue) {
            slowLineDue = now + LINE_EVERY_MICROS;
            LOG.warn(
                    "route:{} took {} ms for one request (expected: less than {} ms, because traffic waits for it)",
                    route,
                    spent / 1000,
                    SLOW_MICROS / 1000);
        }
    }

    /** A call failed; its set selects nothing for the request. */
    void failed(String route, SetId set, Throwable failure) {
        counters.add(LaneCounter.ALGO_ROUTES_FAILED);
        long now = micros.getAsLong();
        if (now >= failureLineDue) {
            failureLineDue = now + LINE_EVERY_MICROS;
            LOG.warn("route:{} failed for set {}; the set selects nothing for this request", route, set, failure);
        }
    }
}
