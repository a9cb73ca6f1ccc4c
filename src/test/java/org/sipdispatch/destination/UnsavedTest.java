package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnsavedTest {
    private final Unsaved unsaved = new Unsaved();
    private Status status = Status.initial(DestinationState.ACTIVE, 5).takenUp(7);

    private Recorded add(Recorded.Kind kind) {
        status = status.set(status.held() ? DestinationState.ACTIVE : DestinationState.INACTIVE, "ann", "", 6);
        return unsaved.add(new Recorded(kind, status, 6));
    }

    private List<Recorded> add(int count, Recorded.Kind kind) {
        return IntStream.range(0, count)
                .mapToObj(i -> add(kind))
                .filter(Objects::nonNull)
                .toList();
    }

    private List<Recorded.Kind> sent() {
        List<Recorded.Kind> kinds = new ArrayList<>();
        for (Recorded next = unsaved.next(); next != null; next = unsaved.next()) {
            kinds.add(next.kind());
            unsaved.saved(next.status().version());
        }
        return kinds;
    }

    @Test
    void anOrderIsKeptHoweverManyTransitionsFollow() {
        assertThat(add(Recorded.Kind.OPERATOR)).isNull();

        List<Recorded> dropped = add(Unsaved.MOST + 500, Recorded.Kind.TRANSITION);

        assertThat(dropped).hasSize(501).extracting(Recorded::kind).containsOnly(Recorded.Kind.TRANSITION);
        assertThat(unsaved.size()).isEqualTo(Unsaved.MOST);
        assertThat(sent()).startsWith(Recorded.Kind.OPERATOR, Recorded.Kind.TRANSITION);
    }

    @Test
    void theRemovalIsKeptToo() {
        add(Unsaved.MOST - 1, Recorded.Kind.OPERATOR);
        add(Recorded.Kind.TRANSITION);

        assertThat(add(Recorded.Kind.REMOVED).kind()).isEqualTo(Recorded.Kind.TRANSITION);

        assertThat(sent()).hasSize(Unsaved.MOST).endsWith(Recorded.Kind.REMOVED);
    }

    @Test
    void whereOnlyOrdersWaitTheOldestIsDroppedAndNotSilently() {
        add(Unsaved.MOST, Recorded.Kind.OPERATOR);
        Status newest = status;

        Recorded dropped = add(Recorded.Kind.OPERATOR);

        assertThat(dropped.kind()).isEqualTo(Recorded.Kind.OPERATOR);
        assertThat(newest.version().isAfter(dropped.status().version())).isTrue();
        assertThat(unsaved.size()).isEqualTo(Unsaved.MOST);
    }
}
