package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.database.EmbeddedPostgres;

/** While all members of a cluster are paused, a node forms another cluster, confirms an order and is killed. */
@Tag("long")
class EndedClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MORE = """
            probing { ds_ping_interval = 1s, ds_probing_mode = 1, ping-timeout = 500ms }
            rules = [ { select { set = "1", alg = "4" } } ]
            """;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void theResumedNodesHaveTheOrderThatTheOtherClusterConfirmed(int nodes) throws Exception {
        int other = nodes - 1;
        try (WatchedDestinations destinations = new WatchedDestinations(Collections.nCopies(2, "127.0.0.1"))) {
            String url = EmbeddedPostgres.jdbcUrl("ended_cluster_" + nodes);
            ClusterNodes.table(url, "setid, destination", destinations.rows());
            try (ClusterNodes cluster = ClusterNodes.start(new ClusterNodes.Plan(nodes, url, MORE))) {
                cluster.kill(other);
                cluster.awaitMembers(other);
                String id = destinations.id(0);
                cluster.awaitOnAll(id, EndedClusterTest::isActive);
                IntStream.range(0, other).forEach(cluster::pause);
                cluster.restart(other);
                Awaitility.await()
                        .atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> cluster.order(other, id, "state", "{\"state\":\"inactive\",\"why\":\"works\"}")
                                .path("state")
                                .asText()
                                .equals("Inactive"));
                cluster.kill(other);

                IntStream.range(0, other).forEach(cluster::resume);

                cluster.awaitMembers(other);
                for (int i = 0; i < other; i++) {
                    int node = i;
                    Awaitility.await()
                            .atMost(PATIENCE)
                            .ignoreExceptions()
                            .until(() ->
                                    cluster.get(node, "/ready").path("ready").asBoolean()
                                            && isHeld(cluster.destination(node, id)));
                }
            }
        }
    }

    private static boolean isActive(JsonNode destination) {
        return destination.path("state").asText().equals("Active");
    }

    private static boolean isHeld(JsonNode destination) {
        return destination.path("state").asText().equals("Inactive")
                && !destination.path("takesTraffic").asBoolean();
    }
}
