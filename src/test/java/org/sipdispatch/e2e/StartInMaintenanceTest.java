package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.sip.SipResponse;

/** A node whose maintenance outlasts a restart gets requests all the time, also in the moment in which it starts to listen. */
class StartInMaintenanceTest {
    private static final String HOST = "127.0.0.1";
    private static final long BETWEEN_REQUESTS_NS = 300_000;
    private static final String ORDER = "sip-dispatcher maintenance, form 1\n1700000000000\nann\nkernel\n";
    private static final String CONFIG = """
            sockets { main = "udp:127.0.0.1:%d" }
            partitions { default { db_url = "file:$list" } }
            rules = [ { select { set = 1, alg = 4 } } ]
            """;

    @Test
    void noRequestIsDispatched() throws IOException {
        InetSocketAddress at = new InetSocketAddress(HOST, Ports.next());
        try (UdpPeer destination = UdpPeer.answering(HOST, 200);
                UdpPeer caller = new UdpPeer(HOST)) {
            NodeProcess node = NodeProcess.start(
                    CONFIG.formatted(at.getPort()),
                    "1 sip:127.0.0.1:%d\n".formatted(destination.address().getPort()));
            Files.writeString(node.home().resolve("data/maintenance.txt"), ORDER);
            Thread requests = new Thread(() -> requestsWithoutEnd(caller, at), "requests");
            requests.start();

            try (NodeProcess again = node.killAndStartAgain()) {
                Awaitility.await()
                        .atMost(20, TimeUnit.SECONDS)
                        .until(() -> !caller.received().isEmpty());
                assertThat(again.log()).contains("this node starts in maintenance, by an order of ann");
            } finally {
                requests.interrupt();
            }

            assertThat(caller.received().stream()
                            .map(answer -> ((SipResponse) answer).status())
                            .distinct())
                    .containsExactly(503);
            assertThat(destination.received()).isEmpty();
        }
    }

    private static void requestsWithoutEnd(UdpPeer caller, InetSocketAddress to) {
        Requests requests = Requests.udp(caller.address());
        while (!Thread.currentThread().isInterrupted()) {
            caller.send(to, requests.of("MESSAGE", Requests.newCall()));
            LockSupport.parkNanos(BETWEEN_REQUESTS_NS);
        }
    }
}
