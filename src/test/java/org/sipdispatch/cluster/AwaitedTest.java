package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AwaitedTest {
    @Test
    void aNodeThatIsNotInTheClusterSaysWhomItAsks() {
        assertThat(new StartupProgress(false, List.of("10.0.0.2:2552", "10.0.0.3:2552"), 7, 0, 5, true).phrases())
                .containsExactly("waiting to join the cluster (asking 10.0.0.2:2552, 10.0.0.3:2552)");
        assertThat(new StartupProgress(false, List.of(), 0, 0, 0, false).phrases())
                .containsExactly("waiting to join the cluster");
    }

    @Test
    void aMemberSaysWhatItDoesNotKnow() {
        assertThat(new StartupProgress(true, List.of("10.0.0.2:2552"), 0, 0, 0, false).phrases())
                .containsExactly("waiting for definitions");
        assertThat(new StartupProgress(true, List.of(), 3, 12, 2000, false).phrases())
                .containsExactly("waiting for the state of 12 of 2000 destinations");
        assertThat(new StartupProgress(true, List.of(), 3, 12, 2000, true).phrases())
                .containsExactly("waiting for the state of 12 of 2000 destinations", "journal does not answer");
        assertThat(new StartupProgress(true, List.of(), 3, 0, 2000, true).phrases())
                .containsExactly("opening the sockets");
    }
}
