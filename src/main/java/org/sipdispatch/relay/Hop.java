package org.sipdispatch.relay;

import java.net.InetSocketAddress;

/** Where a request goes next: from which of our sockets to which address. */
public record Hop(ListenSocket socket, InetSocketAddress remote) {}
