package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.definitions.FakeSource.row;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a starting node waits for before it takes calls. */
class StartingNodeTest {
    @Test
    void aNodeThatIsTakenOutWhileItStartsWaitsForItsNextMembership() {
        try (TestCluster cluster = TestCluster.ofThree(true)) {
            cluster.eventually(() -> !cluster.singletonNodes.isEmpty());
            int other = (cluster.singletonNodes.get(0) + 1) % 3;
            Cluster starting = cluster.nodes.get(other);
            CompletableFuture<Boolean> view = CompletableFuture.supplyAsync(
                    () -> starting.awaitView(Duration.ofSeconds(120), new CompletableFuture<>()));
            cluster.eventually(() -> progress(starting).startsWith("waiting for definitions: "));

            cluster.takeOut(other);

            cluster.eventually(() -> progress(starting).contains("the seed nodes 127.0.0.1:"));
            cluster.eventually(() -> progress(starting).startsWith("waiting for definitions: "));
            assertThat(view).isNotDone();
            cluster.table.away = false;
            cluster.reload(cluster.singletonNodes.get(0), row("a", "sip:a1"));
            cluster.eventually(view::isDone);

            assertThat(view.join()).isTrue();
        }
    }

    private static String progress(Cluster node) {
        return String.join("; ", node.awaited());
    }
}
