package org.sipdispatch.transport;

import java.net.InetSocketAddress;
import org.sipdispatch.transaction.TlsPeer;

/**
 * The remote address of a connection, and the index of its listening socket.
 *
 * @param tls whom the connection has to lead to; null for anyone at that address
 */
record Peer(int socket, InetSocketAddress remote, TlsPeer tls) {}
