package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.database.EmbeddedPostgres;

/**
 * A limit of calls in a cluster of three processes, of which the oldest, which allocates the places, is killed. The user
 * agents never have more calls than the limit.
 */
@Tag("long")
@Timeout(400)
class LimitInClusterTest {
    private static final int LIMIT = 40;
    private static final int CALLS_PER_SECOND = 60;
    private static final String HOST = "127.0.0.1";
    private static final String MORE = """
            probing { ds_ping_interval = 1s }
            rules = [ { select { set = 1, alg = 4 } } ]
            """;

    private final LimitedGateway gateway = new LimitedGateway(HOST);
    private final List<HeldCalls> callers = new ArrayList<>();

    @AfterEach
    void close() {
        callers.forEach(HeldCalls::close);
        gateway.close();
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(20));
    }

    @Test
    void neverMoreCallsThanTheLimitAndAllPlacesAgainAfterADeath() throws IOException {
        String url = EmbeddedPostgres.jdbcUrl("limit_in_cluster");
        ClusterNodes.table(url, "setid, destination, attrs", List.of(gateway.row("maxcalls=" + LIMIT)));
        try (ClusterNodes cluster = ClusterNodes.start(new ClusterNodes.Plan(3, url, MORE))) {
            for (int node = 0; node < 3; node++) {
                callers.add(new HeldCalls(HOST, cluster.sip(node), CALLS_PER_SECOND));
            }
            eventually().until(() -> gateway.most() == LIMIT);

            int oldest = cluster.oldest();
            cluster.kill(oldest);
            callers.get(oldest).turnTo(cluster.sip((oldest + 1) % 3));
            eventually().until(() -> gateway.open() < LIMIT);
            eventually().until(() -> gateway.open() == LIMIT);
            assertThat(gateway.most()).isEqualTo(LIMIT);

            callers.forEach(HeldCalls::stopPlacing);
            eventually().untilAsserted(() -> assertThat(gateway.open()).isZero());
            cluster.restart(oldest);
            cluster.awaitMembers(3);
            callers.add(new HeldCalls(HOST, cluster.sip(oldest), 2 * CALLS_PER_SECOND));
            gateway.countAgain();
            eventually().until(() -> gateway.open() == LIMIT);
            assertThat(gateway.most()).isEqualTo(LIMIT);
            assertThat(callers)
                    .allSatisfy(caller -> assertThat(caller.refused()).isPositive());
        }
    }
}
