package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JournalBufferTest {
    private final JournalBuffer unsaved = new JournalBuffer();
    private Status status = Status.initial(DestinationState.ACTIVE, 5).inNextTerm(7);

    private JournalEntry add(JournalEntry.ChangeCause cause) {
        status = status.set(status.held() ? DestinationState.ACTIVE : DestinationState.INACTIVE, "ann", "", 6);
        return unsaved.add(new JournalEntry(cause, status, 6));
    }

    private List<JournalEntry> add(int count, JournalEntry.ChangeCause cause) {
        return IntStream.range(0, count)
                .mapToObj(i -> add(cause))
                .filter(Objects::nonNull)
                .toList();
    }

    private List<JournalEntry.ChangeCause> sent() {
        List<JournalEntry.ChangeCause> kinds = new ArrayList<>();
        for (JournalEntry next = unsaved.next(); next != null; next = unsaved.next()) {
            kinds.add(next.cause());
            unsaved.saved(next.status().version());
        }
        return kinds;
    }

    @Test
    void anOrderIsKeptHoweverManyTransitionsFollow() {
        assertThat(add(JournalEntry.ChangeCause.OPERATOR)).isNull();

        List<JournalEntry> dropped = add(JournalBuffer.MOST + 500, JournalEntry.ChangeCause.TRANSITION);

        assertThat(dropped)
                .hasSize(501)
                .extracting(JournalEntry::cause)
                .containsOnly(JournalEntry.ChangeCause.TRANSITION);
        assertThat(unsaved.size()).isEqualTo(JournalBuffer.MOST);
        assertThat(sent()).startsWith(JournalEntry.ChangeCause.OPERATOR, JournalEntry.ChangeCause.TRANSITION);
    }

    @Test
    void theRemovalIsKeptToo() {
        add(JournalBuffer.MOST - 1, JournalEntry.ChangeCause.OPERATOR);
        add(JournalEntry.ChangeCause.TRANSITION);

        assertThat(add(JournalEntry.ChangeCause.REMOVED).cause()).isEqualTo(JournalEntry.ChangeCause.TRANSITION);

        assertThat(sent()).hasSize(JournalBuffer.MOST).endsWith(JournalEntry.ChangeCause.REMOVED);
    }

    @Test
    void whereOnlyOrdersWaitTheOldestIsDroppedAndNotSilently() {
        add(JournalBuffer.MOST, JournalEntry.ChangeCause.OPERATOR);
        Status newest = status;

        JournalEntry dropped = add(JournalEntry.ChangeCause.OPERATOR);

        assertThat(dropped.cause()).isEqualTo(JournalEntry.ChangeCause.OPERATOR);
        assertThat(newest.version().isAfter(dropped.status().version())).isTrue();
        assertThat(unsaved.size()).isEqualTo(JournalBuffer.MOST);
    }
}
