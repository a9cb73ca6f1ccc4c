package org.sipdispatch.observation;

import java.util.concurrent.atomic.AtomicLong;
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

    private final AtomicLong completed = new AtomicLong();
    private final ReasonCounts<WebSocketFailure> failures = new ReasonCounts<>(WebSocketFailure.class);

    public void completed() {
        completed.incrementAndGet();
    }

    /**
     * A handshake failed, or its connection failed later.
     *
     * @param what the peer and the details, for the log; called only if a line is due
     */
    public void failed(WebSocketFailure why, long nowMs, Supplier<String> what) {
        long times = failures.add(why, nowMs);
        if (times != ReasonCounts.NO_LINE) {
            LOG.warn("WebSocket {}: {}{}", why.label(), what.get(), ReasonCounts.since(times));
        }
    }

    /** The number of completed handshakes. */
    public long completedCount() {
        return completed.get();
    }

    /** The number of failures for this reason. */
    public long failures(WebSocketFailure why) {
        return failures.get(why);
    }
}
