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

    private JournalEntry add(JournalEntry.Kind kind) {
        status = status.set(status.held() ? DestinationState.ACTIVE : DestinationState.INACTIVE, "ann", "", 6);
        return unsaved.add(new JournalEntry(kind, status, 6));
    }

    private List<JournalEntry> add(int count, JournalEntry.Kind kind) {
        return IntStream.range(0, count)
                .mapToObj(i -> add(kind))
                .filter(Objects::nonNull)
                .toList();
    }

    private List<JournalEntry.Kind> sent() {
        List<JournalEntry.Kind> kinds = new ArrayList<>();
        for (JournalEntry next = unsaved.next(); next != null; next = unsaved.next()) {
            kinds.add(next.kind());
            unsaved.saved(next.status().version());
        }
        return kinds;
    }

    @Test
    void anOrderIsKeptHoweverManyTransitionsFollow() {
        assertThat(add(JournalEntry.Kind.OPERATOR)).isNull();

        List<JournalEntry> dropped = add(JournalBuffer.MOST + 500, JournalEntry.Kind.TRANSITION);

        assertThat(dropped).hasSize(501).extracting(JournalEntry::kind).containsOnly(JournalEntry.Kind.TRANSITION);
        assertThat(unsaved.size()).isEqualTo(JournalBuffer.MOST);
        assertThat(sent()).startsWith(JournalEntry.Kind.OPERATOR, JournalEntry.Kind.TRANSITION);
    }

    @Test
    void theRemovalIsKeptToo() {
        add(JournalBuffer.MOST - 1, JournalEntry.Kind.OPERATOR);
        add(JournalEntry.Kind.TRANSITION);

        assertThat(add(JournalEntry.Kind.REMOVED).kind()).isEqualTo(JournalEntry.Kind.TRANSITION);

        assertThat(sent()).hasSize(JournalBuffer.MOST).endsWith(JournalEntry.Kind.REMOVED);
    }

    @Test
    void whereOnlyOrdersWaitTheOldestIsDroppedAndNotSilently() {
        add(JournalBuffer.MOST, JournalEntry.Kind.OPERATOR);
        Status newest = status;

        JournalEntry dropped = add(JournalEntry.Kind.OPERATOR);

        assertThat(dropped.kind()).isEqualTo(JournalEntry.Kind.OPERATOR);
        assertThat(newest.version().isAfter(dropped.status().version())).isTrue();
        assertThat(unsaved.size()).isEqualTo(JournalBuffer.MOST);
    }
}
