package org.sipdispatch.agents;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds ports that nobody listens on. */
public final class Ports {
    private Ports() {}

    /** One that is free for UDP and for TCP. */
    public static int free(String host) {
        for (int i = 0; i < 100; i++) {
            try (ServerSocket tcp = new ServerSocket()) {
                tcp.bind(new InetSocketAddress(host, 0));
                new DatagramSocket(new InetSocketAddress(host, tcp.getLocalPort())).close();
                return tcp.getLocalPort();
            } catch (IOException taken) {
                // The next one may be free for both.
            }
        }
        throw new IllegalStateException("no free port on " + host);
    }

    public static InetSocketAddress freeAddress(String host) {
        return new InetSocketAddress(host, free(host));
    }
}
