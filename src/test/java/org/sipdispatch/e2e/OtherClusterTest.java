package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Collections;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.database.StoppablePostgres;

/** While all members of a cluster are paused, another node forms a cluster and confirms an order. */
@Tag("long")
class OtherClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MORE = """
            probing { ds_ping_interval = 1s, ds_probing_mode = 1, ping-timeout = 500ms }
            rules = [ { select { set = "1", alg = "4" } } ]
            """;

    /** The other cluster ends before the members of the first one resume. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void theResumedNodesHaveTheOrderOfAClusterThatHasEnded(int nodes) throws Exception {
        run(nodes, EmbeddedPostgres.jdbcUrl("ended_cluster_" + nodes), nodes - 1, cluster -> cluster.kill(nodes - 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void theResumedNodesJoinTheOtherClusterAlsoWithoutTheDatabase(int nodes) throws Exception {
        try (StoppablePostgres postgres = StoppablePostgres.begin()) {
            run(nodes, postgres.jdbcUrl().replace("\"", ""), nodes, cluster -> postgres.stop());
        }
    }

    /**
     * Pauses all nodes but the last.
     *
     * @param left number of nodes that are a cluster in the end
     * @param event happens just before the nodes resume
     */
    private static void run(int nodes, String url, int left, Consumer<ClusterNodes> event) throws Exception {
        int other = nodes - 1;
        try (WatchedDestinations destinations = new WatchedDestinations(Collections.nCopies(2, "127.0.0.1"))) {
            ClusterNodes.table(url, "setid, destination", destinations.rows());
            try (ClusterNodes cluster = ClusterNodes.start(new ClusterNodes.Plan(nodes, url, MORE))) {
                cluster.kill(other);
                cluster.awaitMembers(other);
                String id = destinations.id(0);
                cluster.awaitOnAll(id, OtherClusterTest::isActive);
                IntStream.range(0, other).forEach(cluster::pause);
                cluster.restart(other);
                Awaitility.await()
                        .atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> cluster.order(other, id, "state", "{\"state\":\"inactive\",\"why\":\"works\"}")
                                .path("state")
                                .asText()
                                .equals("Inactive"));
                event.accept(cluster);

                IntStream.range(0, other).forEach(cluster::resume);

                cluster.awaitMembers(left);
                for (int i = 0; i < left; i++) {
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
