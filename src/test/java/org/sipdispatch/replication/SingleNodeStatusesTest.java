package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusReplicator;

class SingleNodeStatusesTest {
    private static final Status STATUS = Status.initial(DestinationState.INACTIVE, 5);

    /** Confirms each status at once. */
    private static final StatusReplicator KNOWN = new StatusReplicator() {
        @Override
        public void publish(String id, Status status) {
            // Nothing to notify.
        }

        @Override
        public void findNewest(String id, Consumer<Status> then) {
            then.accept(STATUS);
        }
    };

    private final AtomicBoolean known = new AtomicBoolean();

    @Test
    void amongOthersIsKnownWhatTheyKnow() {
        new SingleNodeStatuses(KNOWN, () -> false, true).publish("a", STATUS, () -> known.set(true));

        assertThat(known).isTrue();
    }

    @Test
    void theOnlyNodeWaitsForItsJournalButNotForEver() {
        new SingleNodeStatuses(KNOWN, () -> true, false).publish("a", STATUS, () -> known.set(true));

        assertThat(known).isFalse();
        Awaitility.await().untilTrue(known);
    }

    @Test
    void whatANodeKnowsThatAnotherOneMayReplaceIsNotKnownUntilTheJournalHasIt() {
        AtomicBoolean ofOnlyNode = new AtomicBoolean();

        new SingleNodeStatuses(KNOWN, () -> true, true).publish("a", STATUS, () -> known.set(true));
        new SingleNodeStatuses(KNOWN, () -> true, false).publish("a", STATUS, () -> ofOnlyNode.set(true));

        Awaitility.await().untilTrue(ofOnlyNode);
        assertThat(known).isFalse();
    }

    @Test
    void aNodeThatJoinsDuringTheWriteMayNotKnowTheStatus() {
        AtomicBoolean alone = new AtomicBoolean(true);
        StatusReplicator joined = new StatusReplicator() {
            @Override
            public void publish(String id, Status status) {
                alone.set(false);
            }

            @Override
            public void findNewest(String id, Consumer<Status> then) {
                then.accept(null);
            }
        };
        new SingleNodeStatuses(joined, alone::get, true).publish("a", STATUS, () -> known.set(true));

        assertThat(alone).isFalse();
        assertThat(known).isFalse();
    }
}
