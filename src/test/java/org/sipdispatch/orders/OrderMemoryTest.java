package org.sipdispatch.orders;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sipdispatch.orders.OrderOutcome.End;

class OrderMemoryTest {
    private static final OrderRequest ORDER = new OrderRequest("key:a", "a:1:sip:x", "hold");

    private final OrderMemory<String> memory = new OrderMemory<>();

    private End end() {
        return memory.outcome("key:a").end();
    }

    @Test
    void aLateRefusalOfTheFirstAttemptSaysNothingOfTheSecond() {
        memory.begun(ORDER, "first");
        memory.ended(ORDER, "first", End.UNKNOWN, "none came");
        memory.begun(ORDER, "second");
        memory.ended(ORDER, "second", End.UNKNOWN, "none came");

        memory.ended(ORDER, "first", End.REFUSED, "held by ann");

        assertThat(end()).isEqualTo(End.UNKNOWN);
        memory.ended(ORDER, "second", End.REFUSED, "held by ann");
        assertThat(end()).isEqualTo(End.REFUSED);
    }

    @Test
    void whatWasDoneStaysSo() {
        memory.begun(ORDER, "first");
        memory.begun(ORDER, "second");
        memory.done(ORDER, "an answer");

        memory.ended(ORDER, "second", End.UNKNOWN, "none came");

        assertThat(end()).isEqualTo(End.DONE);
        assertThat(memory.answer("key:a")).isEqualTo("an answer");
    }

    @Test
    void theLastThousandAreRemembered() {
        memory.begun(ORDER, "first");
        for (int i = 1; i < OrderMemory.MOST; i++) {
            memory.begun(new OrderRequest("o" + i, "a:1:sip:x", "hold"), "first");
        }
        assertThat(end()).isEqualTo(End.WAITING);
        // Sent again, the order is the newest.
        memory.begun(ORDER, "second");

        memory.begun(new OrderRequest("one more", "a:1:sip:x", "hold"), "first");

        assertThat(end()).isEqualTo(End.WAITING);
        assertThat(memory.outcome("o1")).isNull();
        assertThat(memory.outcome("o2")).isNotNull();
    }
}
