package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.destination.JournalEntry.ChangeCause.COUNT;
import static org.sipdispatch.destination.JournalEntry.ChangeCause.OPERATOR;
import static org.sipdispatch.destination.JournalEntry.ChangeCause.TRANSITION;

import org.junit.jupiter.api.Test;

class JournalEntryTest {
    private static final Status ACTIVE = status(1, false, 5);
    private static final Status HELD = status(2, true, 100);

    private static Status status(long change, boolean held, long sinceMs) {
        return new Status(
                new StatusVersion(1, change, 1), held, false, false, 0, 0, false, sinceMs, "alice", "said so");
    }

    @Test
    void anOrderHasTheTimeOfTheStateThatItBegins() {
        assertThat(JournalEntry.between(ACTIVE, HELD, OPERATOR, true, 103))
                .isEqualTo(new JournalEntry(OPERATOR, HELD, 100));
    }

    @Test
    void anOrderWithoutEffectHasItsOwnTime() {
        Status again = status(3, true, 100);

        assertThat(JournalEntry.between(HELD, again, OPERATOR, false, 103))
                .isEqualTo(new JournalEntry(OPERATOR, again, 103));
    }

    @Test
    void aVisibleCounterUpdateIsATransition() {
        assertThat(JournalEntry.between(ACTIVE, HELD, COUNT, true, 103))
                .isEqualTo(new JournalEntry(TRANSITION, HELD, 103));
        assertThat(JournalEntry.between(ACTIVE, HELD, COUNT, false, 103).cause())
                .isEqualTo(COUNT);
    }
}
