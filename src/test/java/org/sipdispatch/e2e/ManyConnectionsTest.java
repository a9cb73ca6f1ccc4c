package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.e2e.AttackedNode.ATTACKER;
import static org.sipdispatch.e2e.AttackedNode.HOST;
import static org.sipdispatch.e2e.AttackedNode.uri;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.ConnectionFlood;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TcpCallingAgent;
import org.sipdispatch.agents.TcpPeer;

/**
 * One or many addresses open more connections than a real node has places or file descriptors for. The tests with an
 * order use one node, which the last of them leaves full. The test with the tag long uses the default limits:
 * {@code mvn test -Dtest=ManyConnectionsTest -Dgroups=long -Dexcluded.groups=}.
 */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ManyConnectionsTest {
    private static final int CALLS_PER_SECOND = 100;
    /** How many calls have to be placed beside or after an attack. */
    private static final int CALLS = 250;

    private static final int PLACES = 200;

    private static TcpPeer callee;
    private static AttackedNode node;

    private final List<AutoCloseable> open = new ArrayList<>();

    /** Starts the common node where it does not run yet. */
    private static void startNode() throws Exception {
        if (node == null) {
            callee = TcpPeer.answering(HOST, 200);
            node = start(callee, List.of(), "transport.tcp.max-connections = " + PLACES);
        }
    }

    private static AttackedNode start(TcpPeer callee, List<String> options, String settings) throws Exception {
        return AttackedNode.start(options, settings, uri(callee.address()) + ";transport=tcp", "sip:127.0.0.1:9");
    }

    @AfterEach
    void closeAll() throws Exception {
        Collections.reverse(open);
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
            callee.close();
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(one);
        return one;
    }

    private static void limitFileDescriptors(AttackedNode of, long many) throws Exception {
        int status = new ProcessBuilder("prlimit", "--pid", "" + of.pid(), "--nofile=" + many + ":")
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
    }

    @Test
    void withoutFileDescriptorsConnectionsWaitAndTheLogIsShort() throws Exception {
        TcpPeer gateway = opened(TcpPeer.answering(HOST, 200));
        AttackedNode few = opened(start(gateway, List.of(), ""));
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + few.pid() + "/fd"))) {
            limitFileDescriptors(few, descriptors.count() + 3);
        }

        opened(ConnectionFlood.open(ATTACKER, few.at(), 20));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> few.linesOf("ulimit -n: a connection") > 0);
        limitFileDescriptors(few, 10_000);
        TcpCallingAgent caller = TcpCallingAgent.start(HOST, few.at(), 5);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> caller.placed() >= 5);
        caller.finish();

        assertThat(caller.failures()).isEmpty();
        assertThat(few.limitHits("file_descriptors")).isPositive();
        assertThat(few.log()).doesNotContain("\tat ", "ERROR");
        assertThat(few.linesOf("ulimit -n: a connection")).isLessThan(5);
    }

    /** All connections of one address are silent, and it opens more than the limit. */
    private void silentConnections(AttackedNode at, TcpPeer gateway, int places, int many) throws Exception {
        ConnectionFlood flood = opened(ConnectionFlood.open(ATTACKER, at.at(), many));
        TcpCallingAgent caller = TcpCallingAgent.start(HOST, at.at(), CALLS_PER_SECOND);

        int placed = caller.placed();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> caller.placed() >= placed + CALLS);
        caller.finish();
        // A gateway restarts: its connections are gone, and the next calls need a new one.
        gateway.taken().forEach(TcpPeer.Connection::close);
        TcpCallingAgent later = TcpCallingAgent.start(HOST, at.at(), CALLS_PER_SECOND);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> later.placed() >= 100);
        later.finish();

        System.out.printf(
                "%d silent connections, %d open; calls beside them: %d completed, %d failed%n",
                many, flood.open(), caller.completed(), caller.failures().size());
        at.printWarnings();
        assertThat(caller.failures()).isEmpty();
        assertThat(later.failures()).isEmpty();
        assertThat(flood.open()).isLessThanOrEqualTo(places);
        assertThat(at.limitHits("max_connections")).isPositive();
        assertThat(at.linesOf("transport.tcp.max-connections: ")).isBetween(1L, 12L);
        assertThat(at.get("/ready")).contains("\"ready\" : true");
    }

    @Test
    @Order(1)
    void silentConnectionsOfOneAddressFailNoCallOfAnother() throws Exception {
        startNode();
        silentConnections(node, callee, PLACES, PLACES + 50);
    }

    @Test
    @Order(2)
    void aNodeThatRefusesThoseWhoHaveLittleIsNotReady() throws Exception {
        startNode();
        List<ConnectionFlood> busy = new ArrayList<>();
        for (int i = 1; i <= PLACES; i++) {
            busy.add(opened(ConnectionFlood.open("127.0.1." + i, node.at(), 1)));
            busy.get(i - 1).sendOnEach(SipText.bytes("\r\n"));
        }

        int[] next = {1};
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            busy.forEach(one -> one.sendOnEach(SipText.bytes("\r\n")));
            opened(ConnectionFlood.open("127.0.2." + next[0]++, node.at(), 1));
            return node.get("/ready").contains("full: transport.tcp.max-connections is reached");
        });
        // Ten seconds after the last refusal the node is ready again.
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> node.get("/ready").contains("\"ready\" : true"));
    }

    @Test
    @Tag("long")
    void silentConnectionsFailNoCallWithTheDefaultLimits() throws Exception {
        TcpPeer gateway = opened(TcpPeer.answering(HOST, 200));
        AttackedNode large = opened(start(gateway, List.of("-Xms256m", "-Xmx1g"), ""));
        silentConnections(large, gateway, 10_000, 11_000);
    }
}
