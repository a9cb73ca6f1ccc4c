package org.sipdispatch.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.e2e.NodeArchive;

class MutationSoakTest {
    @Test
    @Timeout(120)
    void callsSucceedWhileMutatedMessagesFloodTheNode() throws Exception {
        List<String> options = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        options.addAll(NodeArchive.options());

        MutationSoak.Verdict verdict = MutationSoak.run(options, 10, 5_000, System.out);

        assertThat(verdict.failures()).isEmpty();
        assertThat(verdict.placed()).isGreaterThan(100);
    }
}
