package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingOrderRepliesTest {
    private final PendingOrderReplies pending = new PendingOrderReplies();
    private final List<StatusVersion> answered = new ArrayList<>();
    private final Status first = Status.initial(DestinationState.ACTIVE, 5)
            .inNextTerm(7)
            .set(DestinationState.INACTIVE, "alice", "said so", 6);
    private final Status second = first.set(DestinationState.ACTIVE, "alice", "said so", 7);

    private void waitFor(Status status) {
        pending.add(status, now -> answered.add(now.version()));
    }

    private void ready(Status newest) {
        pending.onJournalReply(new DestinationJournal.Ready(newest, 1));
        pending.confirmSaved();
    }

    @Test
    void aJournalThatRestartsWithTheStatusConfirmsItAndAllBeforeIt() {
        waitFor(first);
        waitFor(second);
        ready(null);
        assertThat(answered).isEmpty();

        ready(first);
        assertThat(answered).containsExactly(first.version());

        ready(second);
        assertThat(answered).containsExactly(first.version(), second.version());
        assertThat(pending.isEmpty()).isTrue();
    }

    @Test
    void theRecordOfAnotherActorInARestartedJournalConfirmsNothing() {
        waitFor(first);

        ready(second.inNextTerm(9));
        assertThat(answered).isEmpty();

        pending.onJournalReply(new DestinationJournal.Saved(second.version()));
        assertThat(answered).isEmpty();
        pending.confirmSaved();
        assertThat(answered).containsExactly(first.version());
    }

    @Test
    void theRecordOfThisActorAfterAMergeConfirmsTheOrdersBeforeIt() {
        waitFor(first);

        ready(first.mergedWith(second.inNextTerm(9), LocalChanges.NONE.withOperator(), 7));

        assertThat(answered).containsExactly(first.version());
    }
}
