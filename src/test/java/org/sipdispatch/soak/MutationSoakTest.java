package org.sipdispatch.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.e2e.NodeArchive;

class MutationSoakTest {
    private static final List<String> OPTIONS = new ArrayList<>();

    /** Outside of the test's time limit, since the first process that needs the archive writes it. */
    @BeforeAll
    static void awaitArchive() {
        OPTIONS.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        OPTIONS.addAll(NodeArchive.options());
    }

    @Test
    @Timeout(120)
    void callsSucceedWhileMutatedMessagesFloodTheNode() throws Exception {
        flood(5);
    }

    @Test
    @Tag("long")
    void callsSucceedWhileMutatedMessagesFloodTheNodeForTwoMinutes() throws Exception {
        flood(120);
    }

    private static void flood(int seconds) throws Exception {
        MutationSoak.Verdict verdict = MutationSoak.run(OPTIONS, seconds, 5_000, System.out);

        assertThat(verdict.failures()).isEmpty();
        assertThat(verdict.placed()).isGreaterThan(100);
    }
}
