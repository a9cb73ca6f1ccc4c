package org.sipdispatch.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.catalog.StateWrite;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.replication.DestinationsSnapshot.KnownDestination;
import org.sipdispatch.replication.Samples;

class StateWriteBackTest {
    private static final String ROW = "default:1:sip:a";

    private final StateWriteBack states = new StateWriteBack();

    private static KnownDestination row(boolean probing) {
        return new KnownDestination(Samples.definition(1, "sip:a"), Samples.status(1, 0, probing));
    }

    private Stream<DestinationState> dirty(KnownDestination... rows) {
        return states.dirty(List.of(rows)).stream().map(StateWrite::state);
    }

    @Test
    void statesOfRowsThatAnotherNodeHasReadAreWrittenOnce() {
        states.inherit(List.of(ROW));

        assertThat(dirty(row(false))).containsExactly(DestinationState.ACTIVE);
        assertThat(dirty(row(false))).isEmpty();
    }

    @Test
    void allStatesAreWrittenOnceIfItIsUnknownWhoHasReadTheRows() {
        assertThat(dirty(row(false))).containsExactly(DestinationState.ACTIVE);
        assertThat(dirty(row(false))).isEmpty();
    }

    /** An operator may change the row right after it was read. */
    @Test
    void theStateOfARowThatThisNodeHasReadIsWrittenOnlyAfterAChange() {
        states.inherit(List.of());

        assertThat(dirty(row(false))).isEmpty();
        assertThat(dirty(row(true))).containsExactly(DestinationState.PROBING);
        assertThat(dirty(row(true))).isEmpty();
    }

    /** An operator has changed the row since; the state of the destination is known only then. */
    @Test
    void theTableIsTakenToHaveTheStateThatWasReadFirst() {
        states.inherit(List.of());
        states.define(Map.of(ROW, DestinationState.PROBING));
        states.define(Map.of(ROW, DestinationState.ACTIVE));

        assertThat(dirty(row(false))).containsExactly(DestinationState.ACTIVE);
        assertThat(dirty(row(false))).isEmpty();
    }

    @Test
    void aRowThatIsDefinedAgainHasTheStateOfTheNewRow() {
        states.inherit(List.of());
        states.define(Map.of(ROW, DestinationState.PROBING));
        states.define(Map.of());
        states.define(Map.of(ROW, DestinationState.ACTIVE));

        assertThat(dirty(row(true))).containsExactly(DestinationState.PROBING);
    }

    @Test
    void aFailedWriteIsRepeatedEvenIfTheStateIsThatOfTheRowAgain() {
        states.inherit(List.of());
        states.failed(states.dirty(List.of(row(true))));

        assertThat(dirty(row(false))).containsExactly(DestinationState.ACTIVE);
    }

    @Test
    void aRowThatWasRemovedAndAddedAgainHasTheStateThatWasRead() {
        states.inherit(List.of());
        assertThat(dirty(row(true))).containsExactly(DestinationState.PROBING);

        assertThat(dirty()).isEmpty();

        assertThat(dirty(row(true))).containsExactly(DestinationState.PROBING);
    }

    @Test
    void anOlderStatusDoesNotReplaceTheStateOfANewerOne() {
        KnownDestination newer = new KnownDestination(Samples.definition(1, "sip:a"), Samples.status(2, 0, true));
        assertThat(dirty(newer)).containsExactly(DestinationState.PROBING);

        assertThat(dirty(row(false))).isEmpty();
        assertThat(dirty(newer)).isEmpty();
    }
}
