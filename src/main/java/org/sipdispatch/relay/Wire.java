package org.sipdispatch.relay;

import java.net.InetSocketAddress;

/** The door through which a lane sends. Called on the lane's thread only. */
public interface Wire {
    /**
     * Sends a message; the bytes may be reused after the call.
     *
     * @param connection the TCP connection to prefer, {@link Flow#NO_CONNECTION} for any to that address
     * @return why it is certain that it cannot be sent; null if it was sent or waits for a connection. A failure that
     *     shows later is told by {@link RelayLane#notSent}, and to all who wait there by {@link RelayLane#lost}
     */
    SendFailure send(ListenSocket socket, InetSocketAddress remote, long connection, byte[] bytes, int length);

    /**
     * Wants to be told, by {@link RelayLane#unreachable}, when that host says that nobody listens there (ICMP). For a UDP
     * hop that left a request without an answer; what is sent there after this call is watched.
     */
    void watch(Hop hop);

    /** Hands a message to the lane that owns its transaction; false if that one has too much to do. */
    boolean handOver(int lane, byte[] bytes, int offset, int length, Flow flow);
}
