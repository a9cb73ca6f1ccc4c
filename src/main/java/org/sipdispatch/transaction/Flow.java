package org.sipdispatch.transaction;

import java.net.InetSocketAddress;

/**
 * The path on which a message arrived.
 *
 * @param socket the socket that received it
 * @param source the sender's address
 * @param connection the id of the TCP connection; {@link #NO_CONNECTION} for UDP
 */
public record Flow(ListenSocket socket, InetSocketAddress source, long connection) {
    public static final long NO_CONNECTION = 0;
}
