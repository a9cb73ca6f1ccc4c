package org.sipdispatch.transaction;

import java.net.InetSocketAddress;

/**
 * The next hop of a message: the sending socket and the remote address. Two hops with these are equal.
 *
 * @param connections for a response, those that have carried the request; for a request, {@link
 *     TransactionConnections#only} if the remote has opened the connection and accepts none, otherwise {@link
 *     TransactionConnections#to}
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

    /**
     * The hop for the responses of a transaction after another message of it. Responses use the newest connection that
     * is open, because the sender need not listen at the address in the Via (RFC 3261 section 18.2.2). The message must
     * come from the same host; otherwise a third party that knows the branch could redirect the responses to itself.
     */
    public NextHop renewedBy(Flow flow) {
        boolean renewed = flow.connection() != Flow.NO_CONNECTION
                && !connections.isNone()
                && flow.source().getAddress().equals(remote.getAddress());
        return renewed ? new NextHop(flow.socket(), remote, connections.with(flow.connection())) : this;
    }

    /** The failure to report for this hop: if the peer's own connection has closed, no other peer may be reached. */
    SendFailure failure(SendFailure why) {
        return connections.isOnly() && why == SendFailure.UNREACHABLE ? SendFailure.FLOW_FAILED : why;
    }
}
