package org.sipdispatch.transport;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.Protocol;

/** Checks that an address and port can be bound. */
public final class BindCheck {
    private BindCheck() {}

    /**
     * Checks that the sockets can be bound.
     *
     * @throws SettingException if one cannot be bound
     */
    public static void check(ListenSockets sockets) {
        sockets.all().forEach(BindCheck::check);
    }

    private static String advice(ListenSocket socket) {
        return "ss -" + (socket.protocol() == Protocol.UDP ? "u" : "t") + "lnp sport = :"
                + socket.local().getPort() + " shows a program that uses the port, ip address the addresses";
    }

    /** The lanes' sockets share ports, so binding them would not detect another process of this program. */
    private static void check(ListenSocket socket) {
        try {
            if (socket.protocol() == Protocol.UDP) {
                new DatagramSocket(socket.local()).close();
            } else {
                try (ServerSocket probe = new ServerSocket()) {
                    probe.setReuseAddress(true);
                    probe.bind(socket.local());
                }
            }
        } catch (IOException e) {
            throw new SettingException(
                    "sockets." + socket.name(),
                    socket,
                    "an address of this host with a port that is free; " + e.getMessage() + "; " + advice(socket));
        }
    }
}
