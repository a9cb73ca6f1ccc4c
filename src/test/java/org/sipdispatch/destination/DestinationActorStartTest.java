package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.destination.DestinationState.ACTIVE;
import static org.sipdispatch.destination.DestinationState.INACTIVE;
import static org.sipdispatch.destination.Samples.GOOD;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The start of a destination that no other node knows, while its journal does not answer. */
class DestinationActorStartTest {
    private static final String MODE_ONE = "ds_ping_interval = 10, ds_probing_mode = 1";
    private static final Status HELD =
            new Status(new StatusVersion(4, 9, 1), true, false, false, 0, 0, false, 5, "bob", "broken");
    private static final Status RUNNING =
            new Status(new StatusVersion(4, 9, 1), false, false, false, 0, 0, false, 5, "bob", "mended");

    private final ActorFixture at = new ActorFixture();
    private final AtomicReference<ActorRef<DestinationJournal.Reply>> parent = new AtomicReference<>();
    private final List<JournalEntry> written = new CopyOnWriteArrayList<>();
    private final AtomicReference<Status> kept = new AtomicReference<>(HELD);

    @AfterEach
    void close() {
        at.close();
    }

    private void startSilent(DestinationState initial) {
        at.always = GOOD;
        at.journal = id -> silentJournal();
        at.start(MODE_ONE, initial);
        Awaitility.await().until(() -> parent.get() != null);
        at.step(9_900);
        assertThat(at.published).isEmpty();
        at.step(100);
        at.report();
    }

    private Behavior<DestinationJournal.Command> silentJournal() {
        return Behaviors.receiveMessage(command -> {
            if (command instanceof DestinationJournal.Open open) {
                parent.set(open.parent());
            } else if (command instanceof DestinationJournal.WriteEntry write) {
                written.add(write.recorded());
            }
            return Behaviors.same();
        });
    }

    private void journalSays(Status newest) {
        parent.get().tell(new DestinationJournal.Ready(newest, 1));
        at.report();
    }

    /** Starts an actor whose journal is read together with those of others, and has what is in {@link #kept} then. */
    private void startReadTogether() {
        at.journal = id -> silentJournal();
        at.heads = at.kit.spawn(new DestinationJournal.Journals(
                        50,
                        2,
                        () -> 0,
                        String::valueOf,
                        ids -> Map.of(ids.get(0), new DestinationJournal.JournalState(kept.get())))
                .heads(Runnable::run));
        at.start(MODE_ONE, ACTIVE);
    }

    private void awaitStart() {
        Awaitility.await().until(() -> !at.published.isEmpty());
    }

    /** Opens the journal without a record, some time after the start. */
    private void openJournal() {
        at.step(5_000);
        Awaitility.await().until(() -> parent.get() != null);
    }

    @Test
    void aJournalThatIsReadTogetherWithOthersIsOpenedWithTheFirstRecord() {
        startReadTogether();
        awaitStart();
        assertThat(at.status()).isEqualTo(HELD.inNextTerm(7));
        assertThat(parent).hasValue(null);

        at.set(ACTIVE);
        Awaitility.await().until(() -> parent.get() != null);
        assertThat(written).isEmpty();
        journalSays(HELD);

        Awaitility.await().until(() -> !written.isEmpty());
        assertThat(written)
                .singleElement()
                .satisfies(entry -> assertThat(entry.status().state()).isEqualTo(ACTIVE));
        assertThat(at.status().state()).isEqualTo(ACTIVE);
    }

    @Test
    void aRecordOfAnEarlierActorThatCameAfterTheJournalWasReadCountsWhenItIsOpened() {
        kept.set(RUNNING);
        startReadTogether();
        awaitStart();
        assertThat(at.status().state()).isEqualTo(ACTIVE);

        openJournal();
        journalSays(new Status(new StatusVersion(4, 10, 1), true, false, false, 0, 0, false, 5, "bob", "broken"));

        assertThat(at.status().state()).isEqualTo(INACTIVE);
        assertThat(at.transitions()).containsExactly("ACTIVE>INACTIVE bob");
    }

    @Test
    void aLaterActorThatWroteAfterTheJournalWasReadEndsThisOne() {
        startReadTogether();
        awaitStart();

        openJournal();
        parent.get().tell(new DestinationJournal.Ready(RUNNING.inNextTerm(3).inNextTerm(3), 1));

        at.reports.expectTerminated(at.actor);
    }

    @Test
    void theJournalIsReadAgainAfterAPauseBeforeATermBegins() {
        at.membership.current = false;
        kept.set(RUNNING);
        startReadTogether();
        Awaitility.await().until(() -> at.membership.asked.get() > 0);
        at.membership.pauses.incrementAndGet();
        kept.set(HELD.inNextTerm(3));

        at.membership.current = true;
        at.step(50);

        awaitStart();
        assertThat(at.status()).isEqualTo(HELD.inNextTerm(3).inNextTerm(7));
    }

    @Test
    void whatWasHeldStaysHeld() {
        at.remembered = HELD;
        startSilent(ACTIVE);

        at.pass(30_000);
        assertThat(at.status().held()).isTrue();
        assertThat(at.pings).isEmpty();

        journalSays(HELD);
        assertThat(at.status()).isEqualTo(HELD.inNextTerm(7));
        assertThat(at.transitions()).isEmpty();
    }

    @Test
    void aNewerStatusOfTheJournalCountsWhenItComes() {
        at.remembered = HELD;
        startSilent(ACTIVE);

        journalSays(RUNNING.inNextTerm(3));

        assertThat(at.status().state()).isEqualTo(ACTIVE);
        assertThat(at.transitions()).containsExactly("INACTIVE>ACTIVE bob");
    }

    @Test
    void aHoldThatTheJournalNeverGotIsWrittenWhenItIsBack() {
        at.remembered = HELD;
        startSilent(ACTIVE);

        journalSays(new Status(new StatusVersion(4, 8, 1), false, false, false, 0, 0, false, 5, "table", "state 0"));

        assertThat(at.status().held()).isTrue();
        Awaitility.await().until(() -> !written.isEmpty());
        assertThat(written).containsExactly(new JournalEntry(JournalEntry.ChangeCause.TRANSITION, HELD, 5));
    }

    @Test
    void whatTheTableAloneTookOutComesBackWhenTheJournalSaysSo() {
        at.remembered = RUNNING;
        startSilent(INACTIVE);
        assertThat(at.status().held()).isTrue();

        journalSays(RUNNING);

        assertThat(at.status().state()).isEqualTo(ACTIVE);
        assertThat(at.status().version().isAfter(RUNNING.version())).isTrue();
    }

    @Test
    void theNewerOfBothStatusesCountsAsSoonAsTheJournalAnswers() {
        at.remembered = RUNNING;
        startSilent(INACTIVE);

        journalSays(new Status(new StatusVersion(4, 8, 1), true, false, false, 0, 0, false, 5, "bob", "broken"));

        assertThat(at.status().state()).isEqualTo(ACTIVE);
        assertThat(at.status().why()).isEqualTo("mended");
    }

    @Test
    void whereTheJournalHasNothingTheStateOfTheTableStands() {
        at.remembered = RUNNING;
        startSilent(INACTIVE);

        journalSays(null);

        assertThat(at.status().held()).isTrue();
        assertThat(at.status().version()).isEqualTo(new StatusVersion(5, 0, 7));
    }

    @Test
    void anOrderThatWasGivenMeanwhileStands() {
        at.remembered = RUNNING;
        startSilent(INACTIVE);
        at.set(ACTIVE);
        at.set(INACTIVE);

        journalSays(RUNNING);

        assertThat(at.status().held()).isTrue();
        assertThat(at.status().who()).isEqualTo("alice");
    }

    @Test
    void whatTheOtherNodesKnowCountsAlone() {
        at.remembered = HELD.inNextTerm(3);
        at.replicated = RUNNING;
        at.start(MODE_ONE, ACTIVE);

        assertThat(at.status().state()).isEqualTo(ACTIVE);
    }
}
