package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.definitions.FakeSource.row;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.EventSocketServer;
import org.sipdispatch.destination.Definition;

/** The connection to an event socket while the node that holds it leaves the cluster. */
class MovedEventSocketTest {
    private static final String ID = "a:1:sip:m1";

    private static void eventuallyAllWeigh(TestCluster cluster, int weight) {
        Map<String, Integer> weights = Map.of(ID, weight);
        cluster.eventually(() -> cluster.weights().equals(List.of(weights, weights, weights)));
    }

    private static long term(TestCluster cluster, int node) {
        return cluster.statuses(ID).get(node).version().term();
    }

    @Test
    void anotherNodeConnectsAndTheWeightStaysMeanwhile() throws IOException {
        try (EventSocketServer server = new EventSocketServer("auth ClueCon");
                TestCluster cluster = TestCluster.ofThree()) {
            Definition defined = row("a", "sip:m1");
            cluster.reload(
                    0,
                    defined.withDestination(defined.destination().withWeight(100))
                            .withEventSocket(server.url(":ClueCon")));
            cluster.eventually(() -> server.subscribers() == 1);
            server.heartbeat(500, 1000, "100.0");
            eventuallyAllWeigh(cluster, 50);
            String owner =
                    cluster.nodes.get(0).destinations().snapshot().find(ID).owner();
            int holder = IntStream.range(0, 3)
                    .filter(node -> cluster.nodes.get(node).address().equals(owner))
                    .findFirst()
                    .orElseThrow();
            int other = (holder + 1) % 3;
            long before = term(cluster, other);

            cluster.takeOut(holder);

            cluster.eventually(() -> term(cluster, other) > before && server.subscribers() == 1);
            assertThat(cluster.weights().get(other)).isEqualTo(Map.of(ID, 50));
            cluster.eventually(() -> {
                server.heartbeat(900, 1000, "100.0");
                return cluster.weights().stream().allMatch(Map.of(ID, 10)::equals);
            });
        }
    }
}
