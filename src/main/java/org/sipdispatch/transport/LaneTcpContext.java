package org.sipdispatch.transport;

import java.util.function.Supplier;
import org.sipdispatch.observation.Handshakes;
import org.sipdispatch.observation.Limit;

/**
 * The objects that the TCP connections of a lane share.
 *
 * @param tls null if the node has no TLS sockets
 * @param handshakes those of the node
 */
record LaneTcpContext(
        LaneInlet inlet,
        TcpConnections connections,
        TransportSettings settings,
        LaneTlsContext tls,
        Handshakes handshakes) {
    /** A limit was reached. */
    void hit(Limit limit, Supplier<String> what) {
        inlet.limits().hit(limit, LaneInlet.monotonicMs(), what);
    }
}
