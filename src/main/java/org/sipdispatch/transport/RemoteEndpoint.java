package org.sipdispatch.transport;

import java.net.InetSocketAddress;
import org.sipdispatch.transaction.TlsPeer;

/**
 * The remote address of a connection, and the index of its listening socket.
 *
 * @param tls the peer that the connection must lead to; null for any peer at that address
 */
record RemoteEndpoint(int socket, InetSocketAddress remote, TlsPeer tls) {}
