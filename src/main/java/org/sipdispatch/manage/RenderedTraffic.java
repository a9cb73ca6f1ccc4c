package org.sipdispatch.manage;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.sipdispatch.operations.NodeQueries;

/** The event with this node's traffic, rendered for all clients at most once per second. Thread-safe. */
final class RenderedTraffic {
    /** Half the interval between two traffic events of a client, so that each event of a client is new. */
    static final Duration VALID = Duration.ofSeconds(1);

    private final Supplier<NodeQueries.TrafficCounters> traffic;
    private final LongSupplier nanoTime;
    private String event;
    private long renderedNanos;

    /** {@code nanoTime}: a monotonic clock such as {@link System#nanoTime}. */
    RenderedTraffic(Supplier<NodeQueries.TrafficCounters> traffic, LongSupplier nanoTime) {
        this.traffic = traffic;
        this.nanoTime = nanoTime;
    }

    /** The event, at most one second old; refused before the node accepts calls. */
    synchronized String event() {
        long now = nanoTime.getAsLong();
        if (event == null || now - renderedNanos >= VALID.toNanos()) {
            event = ServerSentEvent.of("traffic", TrafficJson.of(traffic.get()));
            renderedNanos = now;
        }
        return event;
    }
}
