package org.sipdispatch.transaction;

import java.net.InetSocketAddress;

/**
 * The next hop of a request: the sending socket and the remote address. Two hops with these are equal.
 *
 * @param connections {@link TransactionConnections#only} if the remote has opened the connection and accepts none; otherwise
 *     {@link TransactionConnections#NONE}
 */
public record NextHop(ListenSocket socket, InetSocketAddress remote, TransactionConnections connections) {
    public NextHop(ListenSocket socket, InetSocketAddress remote) {
        this(socket, remote, TransactionConnections.NONE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NextHop hop && socket.equals(hop.socket) && remote.equals(hop.remote);
    }

    @Override
    public int hashCode() {
        return 31 * socket.hashCode() + remote.hashCode();
    }

    /** The failure to report for this hop: if the peer's own connection has closed, no other peer may be reached. */
    SendFailure failure(SendFailure why) {
        return connections.isOnly() && why == SendFailure.UNREACHABLE ? SendFailure.FLOW_FAILED : why;
    }
}
