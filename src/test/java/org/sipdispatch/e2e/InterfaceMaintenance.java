package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.sip.SipResponse;

/** Takes nodes into maintenance and back. */
final class InterfaceMaintenance {
    private static final String MAINTENANCE = "/dispatcher/maintenance";

    private final OperatorInterfaces interfaces;
    private final ClusterNodes cluster;
    private final int nodes;

    InterfaceMaintenance(OperatorInterfaces interfaces, ClusterNodes cluster, int nodes) {
        this.interfaces = interfaces;
        this.cluster = cluster;
        this.nodes = nodes;
    }

    /** Takes each node into maintenance and back, each through another interface. */
    void everyInterface(InterfaceViews views) {
        List<String> all = List.of("http", "cli", "mi");
        for (InterfaceViews.Access way : views.ways(all)) {
            int node = way.node();
            JsonNode begun = order(way.interfaceName(), node, "on");
            assertThat(begun.path("maintenance").asBoolean()).isTrue();
            all.forEach(interfaceName ->
                    assertThat(order(interfaceName, node, "status")).isEqualTo(begun));
            inMaintenance(begun.path("node").asText());
            assertThat(order(way.interfaceName(), node, "off")
                            .path("maintenance")
                            .asBoolean())
                    .isFalse();
            inMaintenance();
        }
    }

    private JsonNode order(String interfaceName, int node, String order) {
        return switch (interfaceName) {
            case "cli" -> interfaces.cli(node, "maintenance", order);
            case "mi" -> interfaces.miResult(node, "maintenance", Map.of("order", order));
            default ->
                order.equals("status")
                        ? interfaces.get(node, MAINTENANCE)
                        : interfaces.post(node, MAINTENANCE + "/" + order, "");
        };
    }

    /** Nodes list the members by age, and any of them may be the oldest. */
    private void inMaintenance(String... addresses) {
        InterfaceViews.eventually(() -> {
            for (int node = 0; node < nodes; node++) {
                assertThat(StreamSupport.stream(
                                        interfaces
                                                .get(node, "/dispatcher/node")
                                                .path("members")
                                                .spliterator(),
                                        false)
                                .filter(member -> member.path("maintenance").asBoolean())
                                .map(member -> member.path("address").asText()))
                        .containsExactlyInAnyOrder(addresses);
            }
        });
    }

    /** New requests go to the nodes that are left, and are refused when none is. */
    void redirects() {
        JsonNode last = null;
        List<String> addresses = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            last = order("http", node, "on");
            addresses.add(last.path("node").asText());
            inMaintenance(addresses.toArray(String[]::new));
            int more = node + 1;
            InterfaceViews.eventually(() -> assertThat(redirected(0))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(more, nodes).mapToObj(this::uri).toList()));
        }
        assertThat(last.path("takingNodes")).isEmpty();
        assertThat(last.path("warning").asText()).startsWith("no node takes new calls");
        for (int node = 0; node < nodes; node++) {
            order("http", node, "off");
        }
        inMaintenance();
    }

    private String uri(int node) {
        return "sip:callee@" + ClusterNodes.host(node) + ":" + cluster.sipPort();
    }

    /** The targets in the answer of a node in maintenance to a new request; empty if it refuses it. */
    private List<String> redirected(int node) {
        String call = Requests.newCall();
        try (UdpPeer caller = new UdpPeer("127.0.0.1")) {
            caller.send(cluster.sip(node), Requests.udp(caller.address()).of("MESSAGE", call));
            InterfaceViews.eventually(() -> assertThat(caller.received()).isNotEmpty());
            SipResponse answer = (SipResponse) caller.received().get(0);
            assertThat(answer.status()).isIn(302, 503);
            return answer.toString()
                    .lines()
                    .filter(line -> line.startsWith("Contact: "))
                    .map(line -> line.replaceAll("Contact: <(.*)>.*", "$1"))
                    .toList();
        }
    }
}
