package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.database.EmbeddedPostgres;

/** Three real nodes share their knowledge. */
class ClusterTest {
    private static final String MORE = """
            probing { ds_ping_interval = 1s, ds_probing_mode = 1, ping-timeout = 500ms }
            rules = [ { select { set = "1", alg = "4" } } ]
            """;

    @Test
    void aHoldOnOneNodeIsSeenOnAllAndOutlivesTheDeathOfAnyNode() {
        String url = EmbeddedPostgres.jdbcUrl("cluster_hold");
        String uri = "sip:127.0.0.1:" + Ports.next();
        String id = "default:1:" + uri;
        ClusterNodes.table(url, "setid, destination", List.of("1, '" + uri + "'"));

        try (ClusterNodes cluster = ClusterNodes.start(new ClusterNodes.Plan(3, url, MORE))) {
            cluster.order(1, id, "state", "{\"state\":\"inactive\",\"who\":\"ann\",\"why\":\"works\"}");
            cluster.awaitOnAll(id, seen -> seen.path("hold").asBoolean());

            cluster.kill(0);
            cluster.awaitMembers(2);

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> cluster.report(2, id).path("state").asText().equals("Inactive"));
            assertThat(cluster.report(2, id).path("who").asText()).startsWith("ann@");

            cluster.restart(0);
            cluster.awaitMembers(3);
            assertThat(cluster.destination(0, id).path("state").asText()).isEqualTo("Inactive");
        }
    }
}
