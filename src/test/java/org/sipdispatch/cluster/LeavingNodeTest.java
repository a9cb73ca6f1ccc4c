package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipdispatch.definitions.FakeSource.row;
import static org.sipdispatch.definitions.FakeSource.temporary;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What survives when the node that runs the singletons leaves. */
class LeavingNodeTest {
    @Test
    void temporaryDestinationsAndSingletonsOutliveTheNodeThatMadeThem() {
        try (TestCluster cluster = TestCluster.ofThree()) {
            cluster.reload(0, row("a", "sip:a1"));
            cluster.eventually(() -> !cluster.singletonNodes.isEmpty());
            int oldest = cluster.singletonNodes.get(0);
            int other = (oldest + 1) % 3;
            Cluster gone = cluster.nodes.get(oldest);
            gone.add(temporary("a", "sip:t", 1), "ann").toCompletableFuture().join();

            gone.close();

            assertThat(gone.members()).isEmpty();
            cluster.eventually(() -> cluster.nodes.get(other).members().size() == 2);
            cluster.eventually(() -> cluster.singletonNodes.size() == 2);
            cluster.eventually(() -> cluster.nodes
                    .get(other)
                    .openCalls("abc")
                    .toCompletableFuture()
                    .join()
                    .silent()
                    .isEmpty());
            assertThatThrownBy(() -> gone.openCalls("abc").toCompletableFuture().join())
                    .hasMessageContaining("node: not in the cluster now");
            assertThat(cluster.reload(other).changes()).isEmpty();
            cluster.eventuallyOnlyPingedByOneNodeEach("a:1:sip:a1", "a:1:sip:t");
            assertThat(cluster.reload(other, true).changes()).isEqualTo(List.of("- a:1:sip:t"));
        }
    }
}
