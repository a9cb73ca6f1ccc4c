package org.sipdispatch.transaction;

import java.net.InetSocketAddress;

/** The next hop of a request: the sending socket and the remote address. */
public record NextHop(ListenSocket socket, InetSocketAddress remote) {}
