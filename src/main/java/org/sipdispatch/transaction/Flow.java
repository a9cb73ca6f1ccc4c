package org.sipdispatch.transaction;

import java.net.InetSocketAddress;

/**
 * The way that a message came.
 *
 * @param socket the socket that it came in on
 * @param source the sender's address
 * @param connection which TCP connection it came on; {@link #NO_CONNECTION} for UDP
 */
public record Flow(ListenSocket socket, InetSocketAddress source, long connection) {
    public static final long NO_CONNECTION = 0;
}
