package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplicaReadsTest {
    private final ReplicaReads reads = new ReplicaReads();

    @Test
    void aReadIsDueOnceInTheIntervalAtATimeThatDependsOnThePlace() {
        assertThat(reads.isDue(23, 1_000_000)).isFalse();
        assertThat(reads.isDue(23, 1_002_999)).isFalse();
        assertThat(reads.isDue(23, 1_003_000)).isTrue();
        assertThat(reads.isDue(23, 1_012_999)).isFalse();
        assertThat(reads.isDue(23, 1_013_000)).isTrue();
    }

    @Test
    void aClockThatIsSetBackDelaysNoRead() {
        assertThat(reads.isDue(0, 5_000_000)).isTrue();

        assertThat(reads.isDue(0, 1_000_000)).isTrue();
        assertThat(reads.isDue(0, 1_000_001)).isFalse();
    }
}
