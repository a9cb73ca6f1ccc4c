package org.sipdispatch.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MutationSoakTest {
    @Test
    @Timeout(120)
    void callsSucceedWhileMutatedMessagesFloodTheNode() throws Exception {
        MutationSoak.Verdict verdict = MutationSoak.run(10, 5_000, System.out);

        assertThat(verdict.failures()).isEmpty();
        assertThat(verdict.placed()).isGreaterThan(100);
    }
}
