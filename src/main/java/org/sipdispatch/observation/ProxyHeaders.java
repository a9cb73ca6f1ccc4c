package org.sipdispatch.observation;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the PROXY protocol headers that a node has received. Logs the first failure of each kind, and then at most one
 * line every ten seconds for each. Thread-safe.
 */
public final class ProxyHeaders {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaders.class);

    private final AtomicLong clients = new AtomicLong();
    private final AtomicLong own = new AtomicLong();
    private final ReasonCounts<ProxyHeaderFailure> failures = new ReasonCounts<>(ProxyHeaderFailure.class);

    /** A header was accepted. {@code namesClient}: false for a connection of the proxy itself. */
    public void accepted(boolean namesClient) {
        (namesClient ? clients : own).incrementAndGet();
    }

    /**
     * A connection was closed because of its header.
     *
     * @param what the peer and the details, for the log; called only if a line is due
     */
    public void failed(ProxyHeaderFailure why, long nowMs, Supplier<String> what) {
        long times = failures.add(why, nowMs);
        if (times > 0) {
            LOG.warn("PROXY header {}: {} ({} since the last such line)", why.label(), what.get(), times);
        }
    }

    /** The number of accepted headers that name a client, or of those that do not: LOCAL or UNKNOWN. */
    public long acceptedCount(boolean namesClient) {
        return (namesClient ? clients : own).get();
    }

    /** The number of failures for this reason. */
    public long failures(ProxyHeaderFailure why) {
        return failures.get(why);
    }
}
