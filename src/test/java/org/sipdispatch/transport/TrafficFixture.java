package org.sipdispatch.transport;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.sipdispatch.agents.Ports;

/** A node on loopback sockets and its peers. All that a test opens is closed after it, the newest first. */
abstract class TrafficFixture {
    static final String HOST = "127.0.0.1";

    private final List<AutoCloseable> open = new ArrayList<>();
    final InetSocketAddress udpSocket = Ports.freeAddress(HOST);
    TestNode node;

    final <T extends AutoCloseable> T closing(T resource) {
        open.add(resource);
        return resource;
    }

    @AfterEach
    final void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }
}
