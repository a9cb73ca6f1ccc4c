package org.sipdispatch.destination;

import java.util.function.Consumer;

/** Sends pings from this node's sockets. Thread-safe. */
@FunctionalInterface
public interface Pinger {
    /** Sends a ping; {@code then} receives the result once, on any thread. */
    void ping(Ping ping, Consumer<PingResult> then);
}
