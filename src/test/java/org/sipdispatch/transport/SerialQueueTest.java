package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialQueueTest {
    private final SerialQueue turns = new SerialQueue(2);
    private final List<String> begun = new ArrayList<>();

    private boolean take(String name) {
        return turns.submit(() -> begun.add(name));
    }

    @Test
    void oneAtATimeInTheirOrderAndFewMayWait() {
        assertThat(take("a")).isTrue();
        assertThat(take("b")).isTrue();
        assertThat(take("c")).isTrue();
        assertThat(take("d")).isFalse();
        assertThat(begun).containsExactly("a");

        turns.end();
        assertThat(begun).containsExactly("a", "b");
        assertThat(take("e")).isTrue();

        turns.end();
        turns.end();
        turns.end();
        assertThat(begun).containsExactly("a", "b", "c", "e");
        assertThat(take("f")).isTrue();
        assertThat(begun).endsWith("f");
    }

    @Test
    void whatEndsAtOnceHoldsNobodyUp() {
        turns.submit(() -> {
            begun.add("a");
            turns.end();
        });

        take("b");

        assertThat(begun).containsExactly("a", "b");
    }
}
