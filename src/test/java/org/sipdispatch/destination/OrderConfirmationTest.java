package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.destination.DestinationState.ACTIVE;
import static org.sipdispatch.destination.DestinationState.INACTIVE;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When an executed order is answered as done. */
class OrderConfirmationTest {
    private static final Status KNOWN =
            new Status(new StatusVersion(7, 4, 3), false, false, false, 0, 0, false, 5, "probe", "200");

    private final ActorFixture at = new ActorFixture();
    private final AtomicReference<ActorRef<DestinationJournal.Reply>> parent = new AtomicReference<>();
    private final List<JournalEntry> written = new CopyOnWriteArrayList<>();

    @BeforeEach
    void noNodeAnswers() {
        at.replicatorConfirms = false;
        at.replicated = KNOWN;
        at.journal = id -> journal();
    }

    @AfterEach
    void close() {
        at.close();
    }

    /** A journal that saves everything at once. */
    private Behavior<DestinationJournal.Command> journal() {
        return Behaviors.receiveMessage(command -> {
            if (command instanceof DestinationJournal.Open open) {
                parent.set(open.parent());
                open.parent().tell(new DestinationJournal.Ready(KNOWN, 1));
            } else if (command instanceof DestinationJournal.WriteEntry write) {
                written.add(write.recorded());
                parent.get()
                        .tell(new DestinationJournal.Saved(
                                write.recorded().status().version()));
            }
            return Behaviors.same();
        });
    }

    private void hold() {
        at.start("ds_ping_interval = 10, ds_probing_mode = 1", ACTIVE);
        at.report();
        at.actor.tell(new DestinationActor.SetState(INACTIVE, "alice", "said so", at.replies.getRef()));
        Awaitility.await().until(() -> !written.isEmpty());
        at.report();
    }

    private void expectHeld() {
        assertThat(at.replies.receiveMessage(Duration.ofSeconds(10)).getValue().state())
                .isEqualTo(INACTIVE);
    }

    /** The next actor, on a node that can reach a majority, would not wait for the journal. */
    @Test
    void theJournalDoesNotConfirmAnOrderWhileTheClusterHasOtherNodes() {
        hold();
        at.step(2000);
        at.report();
        at.replies.expectNoMessage(Duration.ZERO);

        at.unconfirmed.get(0).run();

        expectHeld();
    }

    @Test
    void anOrderThatTheJournalHasIsConfirmedWhenTheOtherNodesHaveBeenRemoved() {
        hold();
        at.replies.expectNoMessage(Duration.ZERO);

        at.alone = true;
        at.step(500);

        expectHeld();
    }

    @Test
    void aNodeThatMayNotDecideConfirmsNothing() {
        hold();
        at.membership.current = false;
        at.alone = true;
        at.step(1000);
        at.report();
        at.replies.expectNoMessage(Duration.ZERO);

        at.membership.current = true;
        at.step(100);

        expectHeld();
    }

    /** Nodes that were paused for longer than one write is tried, or that have joined meanwhile. */
    @Test
    void anOrderThatIsNotConfirmedIsWrittenToTheNodesAgain() {
        hold();
        assertThat(at.unconfirmed).hasSize(1);

        Awaitility.await().untilAsserted(() -> {
            at.step(500);
            at.report();
            assertThat(at.unconfirmed).hasSize(2);
        });
        at.unconfirmed.get(1).run();

        expectHeld();
    }

    /** The nodes keep the newer status of the other actor, so they do not have the order. */
    @Test
    void anOrderIsConfirmedInTheNextTermIfAnotherActorHasANewerStatusOfTheSameTerm() {
        hold();
        Status tied = at.status().withVersion(new StatusVersion(8, 5, 99));
        at.replicatorAnswers = false;
        at.newest = tied.version();
        at.unconfirmed.get(0).run();
        at.report();
        at.replies.expectNoMessage(Duration.ZERO);

        at.pendingReads.get(0).accept(tied);
        at.newest = null;
        assertThat(at.status().version()).isEqualTo(new StatusVersion(9, 1, 7));
        at.unconfirmed.get(at.unconfirmed.size() - 1).run();

        expectHeld();
    }

    @Test
    void whatOnlyTheJournalKnowsCountsAsAChangeWhenAnActorStarts() throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(1);
        Status newer = KNOWN.set(INACTIVE, "bob", "broken", 6);
        at.replicatorAnswers = false;
        at.journal = id -> Behaviors.receiveMessage(command -> {
            if (command instanceof DestinationJournal.Open open) {
                open.parent().tell(new DestinationJournal.Ready(newer, 1));
                ready.countDown();
            }
            return Behaviors.same();
        });
        at.start("ds_ping_interval = 10, ds_probing_mode = 1", ACTIVE);
        ready.await();
        // The actor opens the journal and reads the replicas in no certain order.
        Awaitility.await().until(() -> !at.pendingReads.isEmpty());
        at.pendingReads.get(0).accept(KNOWN);

        assertThat(at.status().state()).isEqualTo(INACTIVE);
        assertThat(at.published.get(0).version()).isEqualTo(new StatusVersion(8, 1, 7));
    }
}
