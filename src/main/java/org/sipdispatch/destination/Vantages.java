package org.sipdispatch.destination;

import java.util.function.Consumer;

/** The door to other nodes' sockets. Thread-safe. */
public interface Vantages {
    /**
     * Asks other nodes to send a ping once each.
     *
     * @param most how many at most
     * @param then told of each that answers, on any thread
     * @return how many were asked
     */
    int ask(int most, Ping ping, Consumer<Opinion> then);
}
