package org.sipdispatch.observation;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the TLS handshakes of a node. Logs the first failure of each kind, and then at most one line every ten seconds
 * for each. Thread-safe.
 */
public final class TlsHandshakes {
    private static final Logger LOG = LoggerFactory.getLogger(TlsHandshakes.class);

    /** The side of this node in a handshake. */
    public enum Side {
        /** This node opened the connection. */
        CLIENT,
        /** The peer opened the connection. */
        SERVER
    }

    private static final class OfSide {
        private final AtomicLong completed = new AtomicLong();
        private final ReasonCounts<TlsFailure> failures = new ReasonCounts<>(TlsFailure.class);
        private volatile LastFailure last = LastFailure.NONE;
    }

    private record LastFailure(TlsFailure why, long atMs) {
        static final LastFailure NONE = new LastFailure(null, 0);
    }

    private final OfSide client = new OfSide();
    private final OfSide server = new OfSide();

    private OfSide of(Side side) {
        return side == Side.CLIENT ? client : server;
    }

    public void completed(Side side) {
        of(side).completed.incrementAndGet();
    }

    /**
     * A handshake failed, or a connection was refused later.
     *
     * @param what the peer and the details, for the log; called only if a line is due
     */
    public void failed(Side side, TlsFailure why, long nowMs, Supplier<String> what) {
        of(side).last = new LastFailure(why, nowMs);
        long times = of(side).failures.add(why, nowMs);
        if (times != ReasonCounts.NO_LINE) {
            LOG.warn("TLS {}: {}{}", why.label(), what.get(), ReasonCounts.since(times));
        }
    }

    /** Why the last handshake that failed since {@code fromMs} has failed; null if none has. */
    public TlsFailure lastFailure(Side side, long fromMs) {
        LastFailure last = of(side).last;
        return last.why != null && last.atMs >= fromMs ? last.why : null;
    }

    /** The number of completed handshakes. */
    public long completedCount(Side side) {
        return of(side).completed.get();
    }

    /** The number of failures for this reason. */
    public long failures(Side side, TlsFailure why) {
        return of(side).failures.get(why);
    }
}
