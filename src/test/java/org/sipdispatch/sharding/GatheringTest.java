package org.sipdispatch.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatheringTest {
    @Test
    void itIsOverWhenAllHaveMet() {
        StartupBarrier gathering = new StartupBarrier(3);

        assertThat(gathering.isOver(0, 0)).isFalse();
        assertThat(gathering.isOver(2, 100)).isFalse();
        assertThat(gathering.isOver(3, 200)).isTrue();
    }

    @Test
    void aNodeThatDoesNotComeIsNotWaitedForForLong() {
        StartupBarrier gathering = new StartupBarrier(3);

        assertThat(gathering.isOver(0, 10_000)).isFalse();
        assertThat(gathering.isOver(2, 20_000)).isFalse();
        assertThat(gathering.isOver(2, 20_000 + StartupBarrier.LONGEST_MS - 1)).isFalse();
        assertThat(gathering.isOver(2, 20_000 + StartupBarrier.LONGEST_MS)).isTrue();
    }

    @Test
    void aNodeThatIsAloneWaitsForNobody() {
        assertThat(new StartupBarrier(1).isOver(1, 0)).isTrue();
    }

    @Test
    void nobodyIsWaitedForAgainWhenANodeGoes() {
        StartupBarrier gathering = new StartupBarrier(2);

        assertThat(gathering.isOver(2, 0)).isTrue();
        assertThat(gathering.isOver(1, 100)).isTrue();
    }
}
