package org.sipdispatch.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.transaction.ListenSocket;

/** Decides to which addresses a message may be sent; rejects invalid addresses from a Via or Contact of an attacker. */
final class AddressPolicy {
    private AddressPolicy() {}

    static boolean allows(ListenSocket socket, InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        return address != null
                && remote.getPort() != 0
                && address.getClass() == socket.local().getAddress().getClass()
                && IpLiteral.isUnicast(address.getAddress());
    }
}
