package org.sipdispatch.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.sets.Destination;

/** A row that is put keeps what the caller does not give. */
class RowChangeTest {
    private static final EventSocketUrl URL = EventSocketUrl.parse("fs://:secret@10.0.0.1");
    private static final Definition KNOWN =
            new Definition(row(50, 3, "a=1", "words"), DestinationState.INACTIVE, false).withEventSocket(URL);

    private static Destination row(int weight, int priority, String attrs, String description) {
        return new Destination("default", 1, "sip:a", null, weight, priority, attrs, description);
    }

    private static RowChange change(Destination destination, String... given) {
        return new RowChange(destination, DestinationState.ACTIVE, Set.of(given));
    }

    @Test
    void fieldsThatAreNotGivenStay() {
        Definition put = change(row(1, 0, "b=2", ""), "attrs").onto(KNOWN);

        assertThat(put.destination()).isEqualTo(row(50, 3, "b=2", "words"));
        assertThat(put.eventSocket()).isEqualTo(URL);
    }

    @Test
    void aNumberReplacesTheWeightFromFreeswitch() {
        Definition put = change(row(7, 0, "", ""), "weight").onto(KNOWN);

        assertThat(put.destination()).isEqualTo(row(7, 3, "a=1", "words"));
        assertThat(put.eventSocket()).isNull();
    }

    @Test
    void theRowIsFoundByItsUriWithoutRegardToCaseAndItsSocket() {
        Destination upper = new Destination("default", 1, "SIP:A", null, 1, 0, "", "");
        Destination other = new Destination("default", 1, "sip:a", "main", 1, 0, "", "");

        assertThat(change(upper).isFor(KNOWN)).isTrue();
        assertThat(change(other).isFor(KNOWN)).isFalse();
    }

    @Test
    void fieldsThatAreGivenEmptyBecomeEmpty() {
        assertThat(change(row(1, 0, "", ""), "attrs", "description", "priority")
                        .onto(KNOWN)
                        .destination())
                .isEqualTo(row(50, 0, "", ""));
    }

    @Test
    void aNewRowAndOneInPlaceOfATemporaryDestinationHaveTheDefaults() {
        Definition temporary =
                new Definition(row(50, 3, "a=1", "words"), DestinationState.ACTIVE, false, 0, 0, 0, "", true);
        RowChange change = change(row(1, 0, "", ""));

        assertThat(change.onto(null).destination()).isEqualTo(row(1, 0, "", ""));
        assertThat(change.onto(temporary).destination()).isEqualTo(row(1, 0, "", ""));
    }
}
