package org.sipdispatch.transaction;

import java.net.InetSocketAddress;

/** The transport layer below the transactions (RFC 3261 section 18). Called on the thread of the transactions only. */
public interface Transport {
    /**
     * Sends a message; the bytes may be reused after the call.
     *
     * @param connection the TCP connection to prefer, {@link Flow#NO_CONNECTION} for any to that address
     * @return why it is certain that it cannot be sent; null if it was sent or waits for a connection
     */
    SendFailure send(ListenSocket socket, InetSocketAddress remote, long connection, byte[] bytes, int length);

    /**
     * Watches a next hop that left a UDP request without an answer for ICMP errors. Only what is sent there after this
     * call is watched.
     */
    void watch(NextHop hop);
}
