package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Status;
import org.sipdispatch.replication.ReplicaListenerActor.Confirmed;

class ConfirmedStatusesTest {
    private static final Status ACTIVE =
            Status.initial(DestinationState.ACTIVE, 5).inNextTerm(7);
    private static final Status HELD = ACTIVE.inNextTerm(8).set(DestinationState.INACTIVE, "bob", "broken", 6);

    private final List<CompletableFuture<Map<String, Status>>> journals = new ArrayList<>();
    private final List<Confirmed> confirmed = new ArrayList<>();
    private final List<Runnable> timers = new ArrayList<>();
    private CompletableFuture<Map<String, Status>> newest = CompletableFuture.completedFuture(Map.of("a", ACTIVE));
    private boolean callsWait = true;
    private final ConfirmedStatuses statuses = new ConfirmedStatuses(new ConfirmedStatuses.Setup(
            () -> newest,
            this::readJournal,
            () -> callsWait,
            () -> false,
            (delay, task) -> timers.add(task),
            confirmed::add));

    private CompletableFuture<Map<String, Status>> readJournal() {
        CompletableFuture<Map<String, Status>> reading = new CompletableFuture<>();
        journals.add(reading);
        return reading;
    }

    @Test
    void amongOtherNodesTrafficGetsWhatAMajorityKnows() {
        statuses.read(1, false);

        assertThat(confirmed).containsExactly(new Confirmed(Map.of("a", ACTIVE), 1));
        assertThat(journals).isEmpty();
    }

    /** Of two nodes, the other one may have executed orders while it was alone. */
    @Test
    void aNodeThatHasBecomeAloneDuringAPauseWaitsForTheJournal() {
        statuses.read(1, true);
        assertThat(confirmed).isEmpty();

        journals.get(0).complete(Map.of("a", HELD, "b", ACTIVE));

        assertThat(confirmed).containsExactly(new Confirmed(Map.of("a", HELD, "b", ACTIVE), 1));
    }

    @Test
    void anOlderStatusInTheJournalChangesNothing() {
        newest = CompletableFuture.completedFuture(Map.of("a", HELD));
        statuses.read(1, true);

        journals.get(0).complete(Map.of("a", ACTIVE));

        assertThat(confirmed).containsExactly(new Confirmed(Map.of("a", HELD), 1));
    }

    @Test
    void aNodeWhoseCallsDoNotWaitReadsNoJournal() {
        callsWait = false;

        statuses.read(0, true);

        assertThat(confirmed).containsExactly(new Confirmed(Map.of("a", ACTIVE), 0));
        assertThat(journals).isEmpty();
    }

    @Test
    void anotherPauseWaitsForTheSameReading() {
        statuses.read(1, true);
        statuses.read(2, false);
        assertThat(confirmed).isEmpty();

        journals.get(0).complete(Map.of("a", HELD));

        assertThat(confirmed)
                .containsExactlyInAnyOrder(new Confirmed(Map.of("a", HELD), 1), new Confirmed(Map.of("a", HELD), 2));
        assertThat(journals).hasSize(1);
    }

    @Test
    void aMajorityThatDoesNotAnswerIsAskedAgainAndTheJournalIsNot() {
        newest = CompletableFuture.failedFuture(new IllegalStateException());
        statuses.read(1, true);
        journals.get(0).complete(Map.of("a", HELD));
        assertThat(confirmed).isEmpty();

        newest = CompletableFuture.completedFuture(Map.of("a", ACTIVE));
        timers.get(0).run();

        assertThat(confirmed).containsExactly(new Confirmed(Map.of("a", HELD), 1));
        assertThat(journals).hasSize(1);
    }
}
