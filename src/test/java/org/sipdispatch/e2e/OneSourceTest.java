package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.e2e.AttackedNode.ATTACKER;
import static org.sipdispatch.e2e.AttackedNode.HOST;
import static org.sipdispatch.e2e.AttackedNode.uri;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.CallingAgent;
import org.sipdispatch.agents.ConnectionFlood;
import org.sipdispatch.agents.InviteFlood;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TcpCallingAgent;
import org.sipdispatch.agents.TcpPeer;

/**
 * One address takes as much of a real node as it can get, while calls from another address continue. The tests with the
 * tag long use the default limits: {@code mvn test -Dtest=OneSourceTest -Dgroups=long -Dexcluded.groups=}.
 */
@Timeout(300)
class OneSourceTest {
    private static final int CALLS_PER_SECOND = 100;
    /** How many calls have to be placed beside an attack. */
    private static final int CALLS = 250;

    private static final int BODY = 60_000;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        Collections.reverse(open);
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(one);
        return one;
    }

    private void largeInvites(List<String> options, String settings, int many, Duration within) throws Exception {
        AnsweringAgent callee = opened(AnsweringAgent.start(HOST, "callee"));
        InviteFlood.Bell bell = opened(new InviteFlood.Bell(HOST));
        AttackedNode node = opened(AttackedNode.start(options, settings, uri(callee.address()), uri(bell.address())));
        CallingAgent caller = opened(CallingAgent.start(HOST, node.at(), CALLS_PER_SECOND));
        InviteFlood flood = opened(new InviteFlood(ATTACKER, node.at(), BODY));

        flood.send(many, within);
        int placed = caller.placed();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> caller.placed() >= placed + CALLS);
        caller.finish();
        flood.count();

        System.out.printf(
                "%d INVITEs of %d bytes in %s: %d rang, %d refused; calls beside them: %d completed, %d failed%n",
                flood.sent(),
                BODY,
                within,
                flood.ringing(),
                flood.refused(),
                caller.completed(),
                caller.failures().size());
        node.printWarnings();
        assertThat(caller.failures()).isEmpty();
        assertThat(flood.ringing()).isPositive();
        assertThat(flood.refused()).isPositive();
        assertThat(node.limitHits("transaction_share")).isPositive();
        assertThat(node.linesOf("relay.transaction-memory, max-transactions: "))
                .isBetween(1L, 1 + within.toSeconds() / 5 + 5);
        assertThat(node.log()).contains(ATTACKER);
        assertThat(node.get("/ready")).contains("\"ready\" : true");
    }

    @Test
    void largeInvitesOfOneAddressFailNoCallOfAnother() throws Exception {
        largeInvites(
                List.of(),
                "relay.transaction-memory = 16MiB, transport.tcp { max-buffered = 16MiB, max-connections = 1000 }",
                300,
                Duration.ofSeconds(3));
    }

    @Test
    @Tag("long")
    void largeInvitesFailNoCallWithTheDefaultLimits() throws Exception {
        largeInvites(List.of("-Xms256m", "-Xmx1g"), "", 4_000, Duration.ofSeconds(9));
    }

    @Test
    void fewFileDescriptorsCostNoStackTraces() throws Exception {
        TcpPeer callee = opened(TcpPeer.answering(HOST, 200));
        InetSocketAddress at = Ports.freeAddress(HOST);
        NodeProcess node = NodeProcess.begin(
                List.of("sh", "-c", "ulimit -n 200; exec \"$@\"", "sh"),
                "sockets { t = \"tcp:%s\" }, partitions.default.db_url = \"file:$list\", rules = [ { select.set = 1 } ]"
                        .formatted(SipText.hostPort(at)),
                "1 " + uri(callee.address()) + ";transport=tcp\n");
        open.add(node::kill);
        node.awaitListening();
        opened(ConnectionFlood.open(ATTACKER, at, 300));

        TcpCallingAgent caller = TcpCallingAgent.start(HOST, at, 1);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> caller.placed() >= 5);
        caller.finish();

        node.log().lines().filter(line -> line.contains("WARN")).forEach(System.out::println);
        assertThat(caller.failures()).isEmpty();
        assertThat(node.log()).contains("ulimit -n: 200 (expected: ").doesNotContain("\tat ", "ERROR");
        assertThat(node.log()
                        .lines()
                        .filter(line -> !line.contains("heartbeat"))
                        .count())
                .isLessThan(30);
    }

    @Test
    void aSmallHeapIsNotFilledByLargeRequests() throws Exception {
        InviteFlood.Bell bell = opened(new InviteFlood.Bell(HOST));
        AttackedNode node =
                opened(AttackedNode.start(List.of("-Xmx64m"), "", uri(bell.address()), uri(bell.address())));
        InviteFlood flood = opened(new InviteFlood(ATTACKER, node.at(), BODY));

        flood.send(3_000, Duration.ofSeconds(5));

        assertThat(node.isAlive()).as(node.log()).isTrue();
        assertThat(node.get("/ready")).contains("\"ready\" : true");
        assertThat(flood.refused()).isPositive();
        assertThat(node.log()).contains("-Xmx: ").doesNotContain("OutOfMemoryError");
    }
}
