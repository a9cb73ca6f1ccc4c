package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.pattern.StatusReply;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.settings.LogReminder;

class DestinationJournalTest {
    /** For a node that is alone and never pauses. */
    private static final MembershipCheck ALWAYS = new MembershipCheck() {
        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public long pauses() {
            return 0;
        }
    };

    private static final Config CONFIG = ConfigFactory.parseResources("journal-serialization.conf")
            .withFallback(PersistenceTestKitPlugin.getInstance().config())
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.load());
    private static final String ID = Samples.DESTINATION.id();
    private static final String PERSISTED = DestinationJournal.persistenceId(ID).id();

    private final ActorTestKit kit = ActorTestKit.create(CONFIG);
    private final PersistenceTestKit store = PersistenceTestKit.create(kit.system());
    private final TestProbe<DestinationJournal.Reply> answers = kit.createTestProbe();
    private final LogReminder down = new LogReminder();
    private final AtomicLong nowMs = new AtomicLong();
    private final DestinationJournal.JournalSetup shared = new DestinationJournal.JournalSetup(
            5,
            10,
            Duration.ofMillis(20),
            Duration.ofMillis(50),
            down,
            new AtomicBoolean(),
            new JournalOutage(nowMs::get),
            () -> 0,
            String::valueOf);

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    private static Status status(long change) {
        return new Status(new StatusVersion(1, change, 7), false, false, false, 1, 0, false, 5, "probe", "no reply");
    }

    private static JournalEntry count(long change) {
        return new JournalEntry(JournalEntry.ChangeCause.COUNT, status(change), change);
    }

    private ActorRef<DestinationJournal.Command> open() {
        ActorRef<DestinationJournal.Command> journal = kit.spawn(DestinationJournal.create(ID, shared));
        journal.tell(new DestinationJournal.Open(answers.getRef()));
        return journal;
    }

    @Test
    void whatIsWrittenIsKnownToTheNextOneEvenBehindASnapshot() {
        ActorRef<DestinationJournal.Command> journal = open();
        answers.expectMessage(new DestinationJournal.Ready(null, 0));
        for (int i = 1; i <= 12; i++) {
            journal.tell(new DestinationJournal.WriteEntry(count(i)));
            answers.expectMessage(new DestinationJournal.Saved(status(i).version()));
        }
        kit.stop(journal);

        open();

        answers.expectMessage(new DestinationJournal.Ready(status(12), 12));
    }

    @Test
    void anOlderStatusOfAnotherActorDoesNotHideANewerOne() {
        ActorRef<DestinationJournal.Command> journal = open();
        answers.receiveMessage();
        journal.tell(new DestinationJournal.WriteEntry(count(9)));
        journal.tell(new DestinationJournal.WriteEntry(count(8)));
        answers.receiveSeveralMessages(2);
        kit.stop(journal);

        open();

        answers.expectMessage(new DestinationJournal.Ready(status(9), 2));
    }

    /** A node that only reads the journals stops those that have not answered. */
    @Test
    void aStoreIsNotSilentBecauseOfAJournalThatIsStopped() {
        store.failNextNReads(PERSISTED, 1000);
        ActorRef<DestinationJournal.Command> journal = open();
        await().until(() -> {
            nowMs.addAndGet(1000);
            return shared.silence().isSilent();
        });

        kit.stop(journal);

        assertThat(shared.silence().isSilent()).isFalse();
    }

    @Test
    void aStoreThatFailsAtFirstIsTriedUntilItIsThere() {
        store.failNextRead(PERSISTED, new IllegalStateException("no database"));
        open();

        answers.expectMessage(new DestinationJournal.Ready(null, 0));
        await().untilAsserted(() -> assertThat(down.isFailing()).isFalse());
    }

    @Test
    void aRecordThatCannotBeWrittenIsFollowedByANewBeginning() {
        ActorRef<DestinationJournal.Command> journal = open();
        answers.receiveMessage();
        store.failNextPersisted(PERSISTED, new IllegalStateException("no database"));

        journal.tell(new DestinationJournal.WriteEntry(count(1)));

        answers.expectMessage(new DestinationJournal.Ready(null, 0));
        journal.tell(new DestinationJournal.WriteEntry(count(1)));
        answers.expectMessage(new DestinationJournal.Saved(status(1).version()));
    }

    @Test
    void anActorGoesOnWithoutItsJournalAndItCatchesUp() {
        AtomicReference<Status> replicated = new AtomicReference<>();
        for (int i = 0; i < 3; i++) {
            store.failNextRead(PERSISTED, new IllegalStateException("no database"));
        }
        store.failNextPersisted(PERSISTED, new IllegalStateException("no database"));
        ActorRef<DestinationActor.Command> actor = kit.spawn(LoadingDestinationActor.create(setup(replicated), ID));
        actor.tell(new DestinationActor.Define(Samples.definition(DestinationState.ACTIVE, 1)));
        TestProbe<StatusReply<Status>> replies = kit.createTestProbe();
        actor.tell(new DestinationActor.SetState(DestinationState.INACTIVE, "alice", "x", replies.getRef()));
        Status held = replies.receiveMessage(Duration.ofSeconds(10)).getValue();

        TestProbe<DestinationActor.Report> reports = kit.createTestProbe();
        await().untilAsserted(() -> {
            actor.tell(new DestinationActor.GetReport(reports.getRef()));
            assertThat(reports.receiveMessage().unsaved()).isZero();
        });
        kit.stop(actor);
        open();

        assertThat(((DestinationJournal.Ready) answers.receiveMessage()).newest())
                .isEqualTo(held);
    }

    @Test
    void aRemovedOneLeavesWhenThatIsKept() {
        ActorRef<DestinationActor.Command> actor =
                kit.spawn(LoadingDestinationActor.create(setup(new AtomicReference<>()), ID));
        actor.tell(new DestinationActor.Define(Samples.definition(DestinationState.ACTIVE, 1)));
        TestProbe<DestinationActor.Report> reports = kit.createTestProbe();
        actor.tell(new DestinationActor.GetReport(reports.getRef()));
        reports.receiveMessage();

        actor.tell(new DestinationActor.Remove(2, "", ""));
        answers.expectTerminated(actor, Duration.ofSeconds(4));

        open();

        assertThat(((DestinationJournal.Ready) answers.receiveMessage())
                        .newest()
                        .removed())
                .isTrue();
    }

    private DestinationActor.Setup setup(AtomicReference<Status> known) {
        StatusReplicator replicated = new StatusReplicator() {
            @Override
            public void publish(String id, Status status) {
                known.set(status);
            }

            @Override
            public void findNewest(String id, Consumer<Status> then) {
                then.accept(known.get());
            }
        };
        return new DestinationActor.Setup(
                ProbeSettingsTest.settings(""),
                (ping, pauses, then) -> {},
                (most, ping, then) -> 0,
                (destination, then) -> {},
                replicated,
                event -> {},
                id -> DestinationJournal.create(id, shared),
                null,
                "here",
                7,
                ALWAYS,
                number -> true,
                () -> 1000L);
    }

    @Test
    void anIdWithTheSeparatorOrOfAnyLengthHasAPlaceInTheStore() {
        assertThat(DestinationJournal.persistenceId("a|b%").id()).isEqualTo("destination|a%7Cb%25");
        assertThat(DestinationJournal.persistenceId("a".repeat(900)).id()).hasSizeLessThan(250);
        assertThat(DestinationJournal.persistenceId("a".repeat(900)))
                .isNotEqualTo(DestinationJournal.persistenceId("a".repeat(901)));
    }
}
