package org.sipdispatch.orders;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sipdispatch.orders.OrderOutcome.OrderState;

class OrderMemoryTest {
    private static final OrderRequest ORDER = new OrderRequest("key:a", "a:1:sip:x", "hold");

    private final OrderMemory<String> memory = new OrderMemory<>();

    private OrderState state() {
        return memory.outcome("key:a").state();
    }

    @Test
    void aLateRefusalOfTheFirstAttemptSaysNothingOfTheSecond() {
        memory.begun(ORDER, "first");
        memory.ended(ORDER, "first", OrderState.UNKNOWN, "none came");
        memory.begun(ORDER, "second");
        memory.ended(ORDER, "second", OrderState.UNKNOWN, "none came");

        memory.ended(ORDER, "first", OrderState.REFUSED, "held by ann");

        assertThat(state()).isEqualTo(OrderState.UNKNOWN);
        memory.ended(ORDER, "second", OrderState.REFUSED, "held by ann");
        assertThat(state()).isEqualTo(OrderState.REFUSED);
    }

    @Test
    void whatWasDoneStaysSo() {
        memory.begun(ORDER, "first");
        memory.begun(ORDER, "second");
        memory.done(ORDER, "an answer");

        memory.ended(ORDER, "second", OrderState.UNKNOWN, "none came");

        assertThat(state()).isEqualTo(OrderState.DONE);
        assertThat(memory.answer("key:a")).isEqualTo("an answer");
    }

    @Test
    void theLastThousandAreRemembered() {
        memory.begun(ORDER, "first");
        for (int i = 1; i < OrderMemory.MOST; i++) {
            memory.begun(new OrderRequest("o" + i, "a:1:sip:x", "hold"), "first");
        }
        assertThat(state()).isEqualTo(OrderState.WAITING);
        // Sent again, the order is the newest.
        memory.begun(ORDER, "second");

        memory.begun(new OrderRequest("one more", "a:1:sip:x", "hold"), "first");

        assertThat(state()).isEqualTo(OrderState.WAITING);
        assertThat(memory.outcome("o1")).isNull();
        assertThat(memory.outcome("o2")).isNotNull();
    }
}
