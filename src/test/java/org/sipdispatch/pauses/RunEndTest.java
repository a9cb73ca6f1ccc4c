package org.sipdispatch.pauses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunEndTest {
    private static final List<Pause> PAUSES = List.of(new Pause(0, 10, 40), new Pause(1, 15, 30));

    private static RecordedOrder order(long invoked, long answered) {
        return new RecordedOrder(
                "o1",
                "d",
                RecordedOrder.Kind.HOLD,
                0,
                invoked,
                answered,
                RecordedOrder.Outcome.UNKNOWN,
                null,
                "answer");
    }

    @Test
    void aRunEndsWithItsLastPauseHoweverLateTheLastAnswerIs() {
        assertThat(RunEnd.atNs(PAUSES, List.of(order(35, 90)))).isEqualTo(40);
        assertThat(RunEnd.atNs(PAUSES, List.of(order(35, RecordedOrder.NO_ANSWER))))
                .isEqualTo(40);
        assertThat(RunEnd.atNs(PAUSES, List.of())).isEqualTo(40);
    }

    @Test
    void aRunEndsWithItsLastOrderIfThatIsLater() {
        assertThat(RunEnd.atNs(PAUSES, List.of(order(45, 90), order(20, 95)))).isEqualTo(45);
    }
}
