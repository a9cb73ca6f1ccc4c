package org.sipdispatch.destination;

import java.util.function.Consumer;

/** The door to this node's sockets. Thread-safe. */
@FunctionalInterface
public interface Pinger {
    /** Sends a ping; {@code then} is told once what became of it, on any thread. */
    void ping(Ping ping, Consumer<PingResult> then);
}
