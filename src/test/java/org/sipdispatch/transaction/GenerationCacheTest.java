package org.sipdispatch.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GenerationCacheTest {
    private final GenerationCache<String> memory = new GenerationCache<>(100, 1000, 0);

    @Test
    void whatWasPutIsThere() {
        memory.put(1, "a", 0);
        memory.put(1, "b", 10);

        assertThat(memory.get(1)).isEqualTo("b");
        assertThat(memory.get(2)).isNull();
    }

    @Test
    void anEntrySurvivesOneGenerationAndNotTwo() {
        memory.put(1, "a", 900);

        memory.put(2, "b", 1000);
        assertThat(memory.get(1)).isEqualTo("a");

        memory.put(3, "c", 2000);
        assertThat(memory.get(1)).isNull();
        assertThat(memory.get(2)).isEqualTo("b");
    }

    @Test
    void aNewerValueHidesTheOldGenerations() {
        memory.put(1, "a", 0);
        memory.put(2, "b", 1000);

        memory.put(1, "c", 1001);

        assertThat(memory.get(1)).isEqualTo("c");
    }

    @Test
    void twiceTheCapacityIsHeldAtMost() {
        for (int i = 0; i < 1000; i++) {
            memory.put(i, "v" + i, 0);
        }

        int held = 0;
        for (int i = 0; i < 1000; i++) {
            held += memory.get(i) == null ? 0 : 1;
        }
        assertThat(held).isBetween(100, 200);
        assertThat(memory.get(999)).isEqualTo("v999");
        assertThat(memory.get(900)).isEqualTo("v900");
        assertThat(memory.get(799)).isNull();
    }
}
