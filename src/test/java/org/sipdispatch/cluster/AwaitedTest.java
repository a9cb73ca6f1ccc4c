package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AwaitedTest {
    @Test
    void aNodeThatIsNotInTheClusterSaysWhatItWaitsFor() {
        assertThat(new StartupProgress("waiting to join the cluster", 7, 0, 5, true).phrases())
                .containsExactly("waiting to join the cluster");
    }

    @Test
    void aMemberSaysWhatItDoesNotKnow() {
        assertThat(new StartupProgress("", 0, 0, 0, false).phrases())
                .containsExactly("waiting for definitions: no node has read the tables and lists yet");
        assertThat(new StartupProgress("", 3, 12, 2000, false).phrases())
                .containsExactly("waiting for the state of 12 of 2000 destinations");
        assertThat(new StartupProgress("", 3, 12, 2000, true).phrases())
                .containsExactly("waiting for the state of 12 of 2000 destinations", "journal does not answer");
        assertThat(new StartupProgress("", 3, 0, 2000, true).phrases()).containsExactly("opening the sockets");
    }
}
