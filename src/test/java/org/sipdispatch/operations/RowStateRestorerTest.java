package org.sipdispatch.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Status;
import org.sipdispatch.operations.RowStateRestorer.Differing;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.DestinationsSnapshot.KnownDestination;
import org.sipdispatch.replication.Samples;

class RowStateRestorerTest {
    private static final Status ACTIVE = Samples.status(1, 0, false);
    private static final Status HELD = ACTIVE.set(DestinationState.INACTIVE, "ann", "works", 2000);

    /** A destination whose row is active. */
    private static DestinationsSnapshot destination(Status status) {
        return DestinationsSnapshot.of(1, List.of(new KnownDestination(Samples.definition(1, "sip:a"), status)));
    }

    private static Differing between(Status before, Status now) {
        return Differing.of(destination(before), destination(now), "");
    }

    @Test
    void aStateFromBeforeTheReloadIsReplacedByThatOfTheRow() {
        Differing differing = between(HELD, HELD);

        assertThat(differing.changes()).containsExactly("~ default:1:sip:a state: Inactive -> Active");
        assertThat(differing.warnings()).isEmpty();
        assertThat(between(ACTIVE, ACTIVE).changes()).isEmpty();
    }

    @Test
    void aHoldDuringTheReloadStays() {
        for (Differing differing : List.of(
                between(ACTIVE, HELD),
                between(null, HELD),
                Differing.of(DestinationsSnapshot.EMPTY, destination(HELD), ""))) {
            assertThat(differing.changing()).isEmpty();
            assertThat(differing.warnings())
                    .containsExactly(
                            "destination: default:1:sip:a (expected: no change of its state during the reload);"
                                    + " it stays Inactive, its row has Active");
        }
    }

    @Test
    void otherPartitionsThanTheReloadedOneKeepTheirStates() {
        assertThat(Differing.of(destination(HELD), destination(HELD), "trunks").changes())
                .isEmpty();
    }
}
