package org.sipdispatch.transaction;

import java.net.InetSocketAddress;

/** The transport layer below the transactions (RFC 3261 section 18). Call only on the transactions' thread. */
public interface Transport {
    /**
     * Sends a message. The bytes may be reused after the call.
     *
     * @param connections the preferred TCP connections: the first that is open is used, or, if none is, any connection
     *     to that address, which is opened if necessary; unless the last one is {@link TransactionConnections#CLOSED}
     * @return null if the message was sent or waits for a connection; the reason if it certainly cannot be sent
     */
    SendFailure send(
            ListenSocket socket,
            InetSocketAddress remote,
            TransactionConnections connections,
            byte[] bytes,
            int length);

    /**
     * Watches a next hop that has not responded to a UDP request for ICMP errors. Only messages sent after this call
     * are watched.
     */
    void watch(NextHop hop);
}
