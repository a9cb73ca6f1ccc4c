package org.sipdispatch.destination;

import java.util.function.Consumer;

/** Sends pings from other nodes. Thread-safe. */
public interface PeerProber {
    /**
     * Asks other nodes to send one ping each.
     *
     * @param most the largest number of nodes to ask
     * @param then receives each result, on any thread
     * @return how many nodes were asked
     */
    int probe(int most, Ping ping, Consumer<PeerProbeResult> then);
}
