package org.sipdispatch.transport;

import java.util.function.Supplier;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.WebSocketHandshakes;

/**
 * What the TCP connections of a lane have in common.
 *
 * @param tls null if the node has no TLS sockets
 */
record LaneTcp(
        GuardedLane inlet,
        TcpConnections connections,
        TransportSettings settings,
        LaneTls tls,
        WebSocketHandshakes webSockets) {
    /** A limit was reached. */
    void hit(Limit limit, Supplier<String> what) {
        inlet.limits().hit(limit, GuardedLane.monotonicMs(), what);
    }
}
