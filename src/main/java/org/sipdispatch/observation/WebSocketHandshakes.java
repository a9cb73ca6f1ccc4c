package org.sipdispatch.observation;

import java.util.function.Supplier;
import org.sipdispatch.websocket.WebSocketFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the WebSocket handshakes of a node. Logs the first failure of each kind, and then at most one line every ten
 * seconds for each. Thread-safe.
 */
public final class WebSocketHandshakes {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketHandshakes.class);

    private final HandshakeCounts<WebSocketFailure> counts = new HandshakeCounts<>(WebSocketFailure.values().length);

    public void completed() {
        counts.completed();
    }

    /**
     * A handshake failed, or a connection later.
     *
     * @param what the peer and the details, for the log; called only if a line is due
     */
    public void failed(WebSocketFailure why, long nowMs, Supplier<String> what) {
        counts.failed(
                why,
                nowMs,
                (kind, since) ->
                        LOG.warn("WebSocket {}: {} ({} since the last such line)", kind.label(), what.get(), since));
    }

    /** The number of completed handshakes. */
    public long completedCount() {
        return counts.completedCount();
    }

    /** The number of failures for this reason. */
    public long failures(WebSocketFailure why) {
        return counts.failures(why);
    }
}
