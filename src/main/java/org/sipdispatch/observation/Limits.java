package org.sipdispatch.observation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts how often each limit of a node was reached. Logs the first hit, and then at most one line every ten seconds
 * for each limit. Thread-safe. All times are milliseconds of the same monotonic clock.
 */
public final class Limits {
    private static final Logger LOG = LoggerFactory.getLogger(Limits.class);
    /** How long a node counts as full after it refused a source that holds little. */
    private static final long FULL_MS = 10_000;

    private static final int LIMIT_COUNT = Limit.values().length;
    private static final long NEVER = Long.MIN_VALUE;

    private final ReasonCounts<Limit> hits = new ReasonCounts<>(Limit.class);
    private final AtomicLongArray fullUntilMs = new AtomicLongArray(LIMIT_COUNT);

    public Limits() {
        for (int i = 0; i < LIMIT_COUNT; i++) {
            fullUntilMs.set(i, NEVER);
        }
    }

    /**
     * A limit was reached.
     *
     * @param what the affected party and the consequence, for the log; called only if a line is due
     */
    public void hit(Limit limit, long nowMs, Supplier<String> what) {
        long times = hits.add(limit, nowMs);
        if (times > 0) {
            LOG.warn("{}: {}; {} since the last such line", limit.setting(), what.get(), times(times));
        }
    }

    private static String times(long count) {
        return count == 1 ? "once" : count + " times";
    }

    /** Like {@link #hit}, for a node that is so full that it also refuses sources that hold little. */
    public void full(Limit limit, long nowMs, Supplier<String> what) {
        fullUntilMs.set(limit.ordinal(), nowMs + FULL_MS);
        hit(limit, nowMs, what);
    }

    /** How often the limit was reached. */
    public long hits(Limit limit) {
        return hits.get(limit);
    }

    /** The limits because of which this node refused sources that hold little, within the last ten seconds. */
    public List<Limit> full(long nowMs) {
        List<Limit> full = new ArrayList<>();
        for (Limit limit : Limit.values()) {
            if (nowMs < fullUntilMs.get(limit.ordinal())) {
                full.add(limit);
            }
        }
        return full;
    }
}
