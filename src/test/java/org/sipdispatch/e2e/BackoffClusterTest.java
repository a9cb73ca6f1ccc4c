package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.sip.SipResponse;

/**
 * Three real nodes. A destination that answers one of them with Retry-After gets no calls from any. Figures of quality
 * are those of all nodes, and one node reports a bad one.
 */
@Tag("long")
class BackoffClusterTest {
    private static final int NODES = 3;
    private static final String HOST = "127.0.0.1";
    private static final String MORE = """
            backoff.longest = 10 minutes
            quality { window = 1 hour, least-calls = 25, least-asr = 50 }
            rules = [
              { when { header { X-Set = "^2$" } }, select { set = 2 } }
              { select { set = 1, alg = 8, flags = F } }
            ]
            """;
    private static final Duration LONGEST = Duration.ofSeconds(40);

    private static final AtomicBoolean IS_GOOD = new AtomicBoolean();
    private static UdpPeer busy;
    private static UdpPeer other;
    private static UdpPeer changing;
    private static UdpPeer caller;
    private static ClusterNodes cluster;

    @BeforeAll
    static void start() {
        busy = overloaded();
        other = UdpPeer.answering(HOST, 200);
        changing = changing();
        caller = new UdpPeer(HOST);
        String url = EmbeddedPostgres.jdbcUrl("backoff");
        ClusterNodes.table(
                url,
                "setid, destination, priority",
                List.of("1, '" + uri(busy) + "', 9", "1, '" + uri(other) + "', 1", "2, '" + uri(changing) + "', 0"));
        cluster = ClusterNodes.start(new ClusterNodes.Plan(NODES, url, MORE));
    }

    @AfterAll
    static void stop() {
        cluster.close();
        Stream.of(busy, other, changing, caller).forEach(UdpPeer::close);
    }

    private static UdpPeer overloaded() {
        return new UdpPeer(new InetSocketAddress(HOST, 0), (peer, request) -> {
            if (request.isMethod("INVITE")) {
                peer.send(peer.lastSource(), SipText.response(request, 503, "busy", "Retry-After: 300"));
            } else if (!request.isMethod("ACK")) {
                peer.send(peer.lastSource(), SipText.response(request, 200, "busy"));
            }
        });
    }

    private static UdpPeer changing() {
        return new UdpPeer(new InetSocketAddress(HOST, 0), (peer, request) -> {
            if (!request.isMethod("ACK")) {
                int code = request.isMethod("INVITE") && !IS_GOOD.get() ? 404 : 200;
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
        return MissingNode.getInstance();
    }

    /** Awaits the final response of a call, acknowledges a failure, and returns the code. */
    private static int finish(Requests requests, int node, String call) {
        SipResponse response = caller.awaitResponse(0, "INVITE", call);
        if (response.status() >= 300) {
            caller.send(cluster.sip(node), requests.ackOf(response));
        }
        return response.status();
    }

    /** A call through a node; returns the code of its final response. */
    private static int call(Requests requests, int node) {
        String call = Requests.newCall();
        caller.send(cluster.sip(node), requests.of("INVITE", call));
        return finish(requests, node, call);
    }

    /** So many calls through each node, all at the same time. */
    private static void calls(Requests requests, int each) {
        Map<String, Integer> nodes = new HashMap<>();
        for (int i = 0; i < each * NODES; i++) {
            String call = Requests.newCall();
            nodes.put(call, i % NODES);
            caller.send(cluster.sip(i % NODES), requests.of("INVITE", call));
        }
        nodes.forEach((call, node) -> finish(requests, node, call));
    }

    /** How many calls have reached a destination. */
    private static long reached(UdpPeer peer) {
        return peer.requests("INVITE").stream().map(SipText::callId).distinct().count();
    }

    @Test
    void aBackoffIsForAllNodes() {
        Requests requests = Requests.udp(caller.address());
        String id = "default:1:" + uri(busy);
        assertThat(call(requests, 0)).isEqualTo(200);
        assertThat(reached(busy)).isOne();

        for (int i = 0; i < NODES; i++) {
            int node = i;
            await().until(() -> of(cluster.get(node, "/dispatcher/traffic").path("shares"), id)
                            .path("backoffMs")
                            .asLong()
                    > 0);
        }
        assertThat(cluster.report(2, id).path("share").path("backoffMs").asLong())
                .isBetween(200_000L, 300_000L);
        assertThat(cluster.report(2, id).path("state").asText()).isEqualTo("Active");
        // The lanes of a node have the new view a moment later.
        for (int i = 0; i < NODES; i++) {
            int node = i;
            await().until(() -> {
                long before = reached(busy);
                assertThat(call(requests, node)).isEqualTo(200);
                return reached(busy) == before;
            });
        }
        long before = reached(busy);
        calls(requests, 10);

        assertThat(reached(busy)).isEqualTo(before);
        assertThat(reached(other)).isGreaterThan(10 * NODES);
        assertThat(before).as("calls until all nodes knew").isLessThanOrEqualTo(2 * NODES);
    }

    @Test
    void theFiguresOfAllNodesTogetherCauseOneEvent() {
        Requests requests = Requests.udp(caller.address()).with("X-Set: 2");
        String id = "default:2:" + uri(changing);
        // No node alone has as many calls as an event needs.
        calls(requests, 10);

        awaitSeizures(id, 10 * NODES);
        await().until(() -> events().size() == 1);
        assertThat(events().get(0)).startsWith(id + ": ASR is 0.0 % of ").endsWith(", below 50.0 %");

        IS_GOOD.set(true);
        calls(requests, 20);
        awaitSeizures(id, 30 * NODES);
        await().until(() -> events().size() > 1);

        assertThat(events()).hasSize(2);
        assertThat(events().get(0)).contains("which was below 50.0 %");
        assertThat(cluster.report(1, id).path("state").asText()).isEqualTo("Active");
    }

    private static void awaitSeizures(String id, int seizures) {
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
    private static List<String> events() {
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
