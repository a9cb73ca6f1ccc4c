package org.sipdispatch.observation;

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

    private final HandshakeCounts<TlsFailure> client = new HandshakeCounts<>(TlsFailure.values().length);
    private final HandshakeCounts<TlsFailure> server = new HandshakeCounts<>(TlsFailure.values().length);

    private HandshakeCounts<TlsFailure> of(Side side) {
        return side == Side.CLIENT ? client : server;
    }

    public void completed(Side side) {
        of(side).completed();
    }

    /**
     * A handshake failed, or a connection was refused later.
     *
     * @param what the peer and the details, for the log; called only if a line is due
     */
    public void failed(Side side, TlsFailure why, long nowMs, Supplier<String> what) {
        of(side).failed(
                        why,
                        nowMs,
                        (kind, since) ->
                                LOG.warn("TLS {}: {} ({} since the last such line)", kind.label(), what.get(), since));
    }

    /** The number of completed handshakes. */
    public long completedCount(Side side) {
        return of(side).completedCount();
    }

    /** The number of failures for this reason. */
    public long failures(Side side, TlsFailure why) {
        return of(side).failures(why);
    }
}
