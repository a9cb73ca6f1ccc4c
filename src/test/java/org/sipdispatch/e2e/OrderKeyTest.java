package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.database.EmbeddedPostgres;

/** Orders with an idempotency key that another order has used, through two real nodes. */
class OrderKeyTest {
    private static final String RULES = "rules = [ { select { set = 1, alg = 4 } } ]";

    @Test
    void anOrderThatWasRefusedBecauseOfItsKeyStaysRefused() {
        try (WatchedDestinations destinations = new WatchedDestinations(List.of("127.0.0.1"))) {
            String url = EmbeddedPostgres.jdbcUrl("order_keys");
            ClusterNodes.table(url, "setid, destination", destinations.rows());
            try (ClusterNodes cluster = ClusterNodes.start(new ClusterNodes.Plan(2, url, RULES))) {
                String id = destinations.id(0);
                assertThat(cluster.keyedOrder(0, id, "hold", "k1").path("hold").asBoolean())
                        .isTrue();

                for (int time = 0; time < 2; time++) {
                    assertThat(cluster.keyedOrder(1, id, "release", "k1")
                                    .path("error")
                                    .asText())
                            .startsWith("order: key:k1 (expected: another key");
                    JsonNode outcome = cluster.get(
                            1,
                            "/dispatcher/orders/key:k1?destination=" + URLEncoder.encode(id, StandardCharsets.UTF_8));
                    assertThat(outcome.path("what").asText()).isEqualTo("release");
                    assertThat(outcome.path("outcome").asText()).isEqualTo("refused");
                }
            }
        }
    }
}
