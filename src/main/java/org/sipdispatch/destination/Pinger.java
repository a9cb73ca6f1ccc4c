package org.sipdispatch.destination;

import java.util.function.Consumer;

/** Sends pings from this node's sockets. Thread-safe. */
@FunctionalInterface
public interface Pinger {
    /**
     * Sends a ping.
     *
     * @param pauses the number of pauses of this process when it was checked whether this node may ping; after a further
     *     one the ping is not sent, because another node may ping the destination by now. A ping over TCP or TLS that
     *     waits for its connection is sent when that is open
     * @param then receives the result once, on any thread
     */
    void ping(Ping ping, long pauses, Consumer<PingResult> then);
}
