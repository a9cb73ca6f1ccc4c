package org.sipdispatch.manage;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.sipdispatch.operations.ShowTraffic;

/** The event that shows this node's traffic, rendered once for all clients that ask within a second. Thread-safe. */
final class RenderedTraffic {
    /** Half the time between two events of one client, so that each client gets another one each time. */
    static final Duration VALID = Duration.ofSeconds(1);

    private final Supplier<ShowTraffic.View> traffic;
    private final LongSupplier nanoTime;
    private String event;
    private long renderedNanos;

    /** {@code nanoTime}: a clock that only goes forward, as {@link System#nanoTime}. */
    RenderedTraffic(Supplier<ShowTraffic.View> traffic, LongSupplier nanoTime) {
        this.traffic = traffic;
        this.nanoTime = nanoTime;
    }

    /** A second old at most; refused before calls are taken. */
    synchronized String event() {
        long now = nanoTime.getAsLong();
        if (event == null || now - renderedNanos >= VALID.toNanos()) {
            event = ServerSentEvent.of("traffic", TrafficJson.of(traffic.get()));
            renderedNanos = now;
        }
        return event;
    }
}
