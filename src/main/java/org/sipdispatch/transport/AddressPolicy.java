package org.sipdispatch.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.transaction.ListenSocket;

/** Decides to which addresses a message may be sent; rejects invalid addresses from a Via or Contact of an attacker. */
final class AddressPolicy {
    private AddressPolicy() {}

    /** Whether the socket may send to this address, or open a connection to it. */
    static boolean allows(ListenSocket socket, InetSocketAddress remote) {
        return isTarget(remote)
                && remote.getAddress().getClass() == socket.local().getAddress().getClass();
    }

    /**
     * Whether a message may go to this address over an existing connection: the client of a proxy may have another IP
     * version than the socket.
     */
    static boolean isTarget(InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        return address != null && remote.getPort() != 0 && IpLiteral.isUnicast(address.getAddress());
    }
}
