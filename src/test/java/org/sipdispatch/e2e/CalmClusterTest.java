package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.database.EmbeddedPostgres;

/**
 * Three real nodes. A destination that asks one of them for a rest gets no calls from any. Figures of quality are those
 * of all nodes, and one node reports a bad one.
 */
class CalmClusterTest {
    private static final int NODES = 3;
    private static final String HOST = "127.0.0.1";
    private static final String MORE = """
            calm.longest-rest = 10 minutes
            quality { window = 1 hour, least-calls = 25, least-asr = 50 }
            rules = [
              { when { header { X-Set = "^2$" } }, select { set = 2 } }
              { select { set = 1, alg = 8, flags = F } }
            ]
            """;
    private static final Duration LONGEST = Duration.ofSeconds(40);

    private final AtomicBoolean isGood = new AtomicBoolean();

    private static UdpPeer overloaded() {
        return new UdpPeer(new InetSocketAddress(HOST, 0), (peer, request) -> {
            if (request.isMethod("INVITE")) {
                peer.send(peer.lastSource(), SipText.response(request, 503, "busy", "Retry-After: 300"));
            } else if (!request.isMethod("ACK")) {
                peer.send(peer.lastSource(), SipText.response(request, 200, "busy"));
            }
        });
    }

    private UdpPeer changing() {
        return new UdpPeer(new InetSocketAddress(HOST, 0), (peer, request) -> {
            if (!request.isMethod("ACK")) {
                int code = request.isMethod("INVITE") && !isGood.get() ? 404 : 200;
                String contact = "Contact: <sip:callee@" + SipText.hostPort(peer.address()) + ">";
                peer.send(peer.lastSource(), SipText.response(request, code, "callee", contact));
            }
        });
    }

    private static String uri(UdpPeer peer) {
        return "sip:" + SipText.hostPort(peer.address());
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(LONGEST);
    }

    private static JsonNode of(JsonNode list, String id) {
        for (JsonNode one : list) {
            if (one.path("id").asText().equals(id)) {
                return one;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    /** A call with its final response. */
    private static int call(UdpPeer caller, Requests requests, InetSocketAddress node) {
        String call = Requests.newCall();
        caller.send(node, requests.of("INVITE", call));
        int code = caller.awaitResponse(0, "INVITE", call).status();
        if (code >= 300) {
            caller.send(node, requests.of("ACK", call));
        }
        return code;
    }

    private static ClusterNodes start(String database, List<String> rows) {
        String url = EmbeddedPostgres.jdbcUrl(database);
        ClusterNodes.table(url, "setid, destination, priority", rows);
        return ClusterNodes.start(new ClusterNodes.Plan(NODES, url, MORE));
    }

    @Test
    void aRestIsForAllNodes() {
        try (UdpPeer busy = overloaded();
                UdpPeer other = UdpPeer.answering(HOST, 200);
                UdpPeer caller = new UdpPeer(HOST);
                ClusterNodes cluster =
                        start("calm_rest", List.of("1, '" + uri(busy) + "', 9", "1, '" + uri(other) + "', 1"))) {
            Requests requests = Requests.udp(caller.address());
            String id = "default:1:" + uri(busy);
            assertThat(call(caller, requests, cluster.sip(0))).isEqualTo(200);
            assertThat(busy.requests("INVITE")).isNotEmpty();

            for (int i = 0; i < NODES; i++) {
                int node = i;
                await().until(() -> of(cluster.get(node, "/dispatcher/traffic").path("calm"), id)
                                .path("restMs")
                                .asLong()
                        > 0);
            }
            assertThat(cluster.report(2, id).path("calm").path("restMs").asLong())
                    .isBetween(200_000L, 300_000L);
            assertThat(cluster.report(2, id).path("state").asText()).isEqualTo("Active");
            for (int i = 0; i < NODES; i++) {
                InetSocketAddress node = cluster.sip(i);
                await().until(() -> {
                    int before = busy.requests("INVITE").size();
                    assertThat(call(caller, requests, node)).isEqualTo(200);
                    return busy.requests("INVITE").size() == before;
                });
            }
            int before = busy.requests("INVITE").size();
            for (int i = 0; i < 10 * NODES; i++) {
                assertThat(call(caller, requests, cluster.sip(i % NODES))).isEqualTo(200);
            }

            assertThat(busy.requests("INVITE")).hasSize(before);
            assertThat(other.requests("INVITE")).hasSizeGreaterThan(10 * NODES);
            assertThat(before).as("calls until all nodes knew").isLessThanOrEqualTo(2 * NODES);
        }
    }

    @Test
    void theFiguresOfAllNodesTogetherCauseOneEvent() {
        try (UdpPeer callee = changing();
                UdpPeer caller = new UdpPeer(HOST);
                ClusterNodes cluster = start("calm_quality", List.of("2, '" + uri(callee) + "', 0"))) {
            Requests requests = Requests.udp(caller.address()).with("X-Set: 2");
            String id = "default:2:" + uri(callee);
            // No node alone has as many calls as an event needs.
            IntStream.range(0, 10 * NODES).forEach(i -> call(caller, requests, cluster.sip(i % NODES)));

            awaitSeizures(cluster, id, 10 * NODES);
            await().until(() -> events(cluster).size() == 1);
            assertThat(events(cluster).get(0))
                    .startsWith(id + ": ASR is 0.0 % of ")
                    .endsWith(", below 50.0 %");

            isGood.set(true);
            IntStream.range(0, 20 * NODES).forEach(i -> call(caller, requests, cluster.sip(i % NODES)));
            awaitSeizures(cluster, id, 30 * NODES);
            await().until(() -> events(cluster).size() > 1);

            assertThat(events(cluster)).hasSize(2);
            assertThat(events(cluster).get(0)).contains("which was below 50.0 %");
            assertThat(cluster.report(1, id).path("state").asText()).isEqualTo("Active");
        }
    }

    private static void awaitSeizures(ClusterNodes cluster, String id, int seizures) {
        for (int i = 0; i < NODES; i++) {
            int node = i;
            await().untilAsserted(() -> assertThat(
                            of(cluster.get(node, "/dispatcher/traffic").path("quality"), id)
                                    .path("seizures")
                                    .asInt())
                    .isEqualTo(seizures));
        }
    }

    /** The events of quality in the history, the newest first. */
    private static List<String> events(ClusterNodes cluster) {
        List<String> events = new ArrayList<>();
        for (JsonNode entry : cluster.get(0, "/dispatcher/history?who=traffic").path("entries")) {
            if (entry.path("what").asText().equals("quality")) {
                events.add(entry.path("destination").asText() + ": "
                        + entry.path("why").asText());
            }
        }
        return events;
    }
}
