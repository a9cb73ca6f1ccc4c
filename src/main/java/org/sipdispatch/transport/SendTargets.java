package org.sipdispatch.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.transaction.ListenSocket;

/** Which addresses a message may be sent to at all; what a hostile Via or Contact names is found out here. */
final class SendTargets {
    private SendTargets() {}

    static boolean allows(ListenSocket socket, InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        return address != null
                && remote.getPort() != 0
                && address.getClass() == socket.local().getAddress().getClass()
                && IpLiteral.isUnicast(address.getAddress());
    }
}
