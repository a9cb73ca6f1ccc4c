package org.sipdispatch.transaction;

import java.net.InetSocketAddress;

/** Where a request goes next: from which of our sockets to which address. */
public record NextHop(ListenSocket socket, InetSocketAddress remote) {}
