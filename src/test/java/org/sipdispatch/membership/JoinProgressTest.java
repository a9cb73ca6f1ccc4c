package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JoinProgressTest {
    private static final List<String> SEED_NODES = List.of("10.0.0.2:2552", "10.0.0.3:2552");
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aNodeSaysWhichSeedNodesItWaitsForAndWhetherTheyAnswer() {
        assertThat(JoinProgress.waitingFor(SEED_NODES, 0))
                .isEqualTo("waiting for the seed nodes 10.0.0.2:2552, 10.0.0.3:2552, which do not answer yet");
        assertThat(JoinProgress.waitingFor(SEED_NODES, 1))
                .isEqualTo("waiting to join the cluster: 1 of the seed nodes 10.0.0.2:2552, 10.0.0.3:2552 answer");
        assertThat(JoinProgress.waitingFor(List.of(), 0)).isEqualTo("waiting to join the cluster");
    }

    @Test
    void aLineIsDueEveryHalfMinuteWhileTheNodeHasNotJoined() {
        JoinProgress progress = new JoinProgress(SEED_NODES, 0);

        assertThat(progress.due(0, 29 * SECOND)).isNull();
        assertThat(progress.due(0, 30 * SECOND)).isNotNull();
        assertThat(progress.due(0, 59 * SECOND)).isNull();
        assertThat(progress.due(0, 60 * SECOND)).isNotNull();
        progress.joined(70 * SECOND);
        assertThat(progress.due(0, 99 * SECOND)).isNull();
        assertThat(progress.due(0, 100 * SECOND)).isNotNull();
    }
}
