package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.sipdispatch.destination.JournalEntry.ChangeCause.COUNT;
import static org.sipdispatch.destination.JournalEntry.ChangeCause.OPERATOR;
import static org.sipdispatch.destination.JournalEntry.ChangeCause.REMOVED;
import static org.sipdispatch.destination.JournalEntry.ChangeCause.TRANSITION;
import static org.sipdispatch.history.HistorySamples.all;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.JournalEntry;
import org.sipdispatch.destination.JournalEntrySerializer;
import org.sipdispatch.store.Store;
import org.sipdispatch.store.StoreSamples.Kind;
import org.sipdispatch.store.StoreSettings;
import org.slf4j.LoggerFactory;

class JournalProjectionTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final long OLD = NOW - 3_600_000;
    private static final long SECOND = 1_000_000_000L;
    private static final String A = "destination|default:1:sip:a";

    /** A database, a projection and its result. */
    private static final class Fixture implements AutoCloseable {
        final Store store;
        final JdbcHistory history;
        final Connection connection;
        final JournalRows journal;
        JournalProjection projection;

        Fixture(Kind kind) throws Exception {
            store = HistorySamples.store(kind);
            history = JdbcHistory.open(store);
            connection = store.connect();
            journal = new JournalRows(connection, store.product());
            projection = another();
        }

        JournalProjection another() {
            return new JournalProjection(history.sequence(), store.product(), number -> "node " + number);
        }

        boolean step(long second) throws Exception {
            return projection.step(connection, NOW + second * 1000, second * SECOND);
        }

        List<String> versions() {
            return all(history).stream().map(HistoryEntry::version).toList();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
            history.close();
            store.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheJournalTellsIsInTheHistoryOnce(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            scene.journal.add(1, A, TRANSITION, NOW);
            scene.journal.add(2, A, COUNT, NOW);
            scene.journal.add(3, "destination|default:1:sip:%257C%7Cb", OPERATOR, NOW);
            scene.journal.add(4, "notebook|x", OPERATOR, NOW);
            scene.journal.add(5, A, 77, new byte[] {1}, NOW);
            scene.journal.add(6, A, 2060201, new byte[] {99}, NOW);
            scene.journal.add(7, A, REMOVED, NOW);

            assertThat(scene.step(0)).isFalse();
            assertThat(scene.step(1)).isFalse();
            scene.projection = scene.another();
            assertThat(scene.step(2)).isFalse();

            assertThat(all(scene.history))
                    .containsExactly(
                            entry(1, 1001, "default:1:sip:a", "status", "alice", "change 1", "3.1"),
                            entry(2, 1003, "default:1:sip:%7C|b", "status", "alice", "change 3", "3.3"),
                            entry(3, 1007, "default:1:sip:a", "removed", "", "defined no longer", "3.7"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theOperatorOfARemovalIsReported(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            JournalEntry before = JournalRows.recorded(JournalEntry.ChangeCause.TRANSITION, 1);
            JournalEntry removed =
                    new JournalEntry(REMOVED, before.status().withdrawn("bob@10.0.0.1", "reload"), before.atMs());
            scene.journal.add(1, A, 2060201, new JournalEntrySerializer().toBinary(removed), NOW);

            scene.step(0);
            scene.step(2);

            assertThat(all(scene.history))
                    .containsExactly(entry(
                            1, 1001, "default:1:sip:a", "removed", "bob@10.0.0.1", "defined no longer: reload", "3.2"));
        }
    }

    private static HistoryEntry entry(
            long id, long atMs, String destination, String what, String who, String why, String version) {
        return new HistoryEntry(
                id,
                atMs,
                HistoryEntry.HistoryEntryType.STATUS,
                destination,
                "Inactive",
                false,
                what,
                who,
                why,
                version,
                "node -7",
                false);
    }

    @ParameterizedTest
    @EnumSource
    void aGapIsWaitedForSinceWhatBelongsThereMayCome(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            scene.journal.add(1, A, TRANSITION, NOW);
            scene.journal.add(3, A, TRANSITION, NOW);
            scene.journal.add(6, A, TRANSITION, NOW);
            scene.step(0);
            assertThat(scene.versions()).containsExactly("3.1");

            // H2 shows at once that no transaction is running.
            int soon = kind == Kind.H2 ? 0 : 4;
            scene.step(soon);
            scene.journal.add(2, A, TRANSITION, NOW);
            scene.step(soon);
            assertThat(scene.versions()).containsExactly("3.1", "3.2", "3.3");

            // Rolled back or deleted: no record will arrive.
            scene.step(25);
            assertThat(scene.versions()).containsExactly("3.1", "3.2", "3.3", "3.6");

            // It was neither, only slower.
            scene.journal.add(4, A, TRANSITION, NOW);
            scene.step(26);
            scene.journal.add(7, A, TRANSITION, NOW);
            scene.step(56);
            scene.step(90);
            assertThat(scene.versions()).containsExactly("3.1", "3.2", "3.3", "3.6", "3.4", "3.7");
        }
    }

    @Test
    void aGapIsWaitedForAsLongAsPostgresSaysThatSomebodyWrites() throws Exception {
        try (Fixture scene = new Fixture(Kind.POSTGRESQL);
                Connection slow = scene.store.connect()) {
            slow.setAutoCommit(false);
            new JournalRows(slow, scene.store.product()).add(2, A, TRANSITION, NOW);
            scene.journal.add(1, A, TRANSITION, NOW);
            scene.journal.add(3, A, TRANSITION, NOW);
            scene.step(0);
            scene.step(24);
            assertThat(scene.versions()).containsExactly("3.1");

            slow.rollback();
            slow.setAutoCommit(true);
            // Other tests may use the same server.
            await().until(() -> {
                scene.step(24);
                return scene.versions().size() == 2;
            });
            assertThat(scene.versions()).containsExactly("3.1", "3.3");
        }
    }

    @Test
    void aGapOfH2IsPassedSoonUnlessAnotherSessionWrites() throws Exception {
        try (Fixture scene = new Fixture(Kind.H2);
                Connection slow = scene.store.connect()) {
            slow.setAutoCommit(false);
            new JournalRows(slow, scene.store.product()).add(2, A, TRANSITION, NOW);
            scene.journal.add(1, A, TRANSITION, NOW);
            scene.journal.add(3, A, TRANSITION, NOW);
            scene.step(0);
            scene.step(24);
            assertThat(scene.versions()).containsExactly("3.1");

            slow.rollback();
            scene.step(24);
            assertThat(scene.versions()).containsExactly("3.1", "3.3");

            // Numbers that were allocated when the process was killed.
            scene.journal.add(33, A, TRANSITION, NOW);
            scene.step(30);
            scene.step(31);
            assertThat(scene.versions()).containsExactly("3.1", "3.3", "3.33");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRecordByAClockThatIsBehindPassesNoGapUnlessItWasThereBefore(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            scene.journal.add(2, A, TRANSITION, OLD);
            scene.step(0);
            assertThat(scene.versions()).containsExactly("3.2");

            scene.journal.add(4, A, TRANSITION, OLD);
            scene.step(1);
            scene.journal.add(3, A, TRANSITION, OLD);
            scene.step(2);
            assertThat(scene.versions()).containsExactly("3.2", "3.3", "3.4");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOldJournalIsTakenInAtOnceFromItsStart(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            for (int i = 0; i < 450; i++) {
                scene.journal.add(1001 + 3L * i, A, i % 2 == 0 ? TRANSITION : COUNT, OLD);
            }

            assertThat(scene.step(0)).isTrue();
            assertThat(scene.step(0)).isTrue();
            assertThat(scene.step(0)).isFalse();

            assertThat(all(scene.history)).hasSize(225);
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoAtOnceDoubleNothing(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            int records = 900;
            for (int i = 1; i <= records; i++) {
                scene.journal.add(i, A, TRANSITION, NOW);
            }
            List<Thread> projections = IntStream.range(0, 3)
                    .mapToObj(i -> new Thread(() -> goOn(scene, records)))
                    .toList();
            projections.forEach(Thread::start);
            for (Thread thread : projections) {
                thread.join(60_000);
            }

            assertThat(all(scene.history).stream().map(HistoryEntry::version))
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, records)
                            .mapToObj(i -> "3." + i)
                            .toList());
        }
    }

    private static void goOn(Fixture scene, int until) {
        JournalProjection projection = scene.another();
        for (int i = 0; i < 1000; i++) {
            try (Connection connection = scene.store.connect()) {
                projection.step(connection, NOW, 0);
                if (scene.history.sequence().position(connection, HistorySequence.JOURNAL) == until) {
                    return;
                }
            } catch (SQLException e) {
                // A writer that waited too long for the others tries again.
            }
        }
    }

    @Test
    void whatTheProjectionOfAnotherNodeTookIsNotLoggedAsMissing() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(JournalProjection.class);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        try (Fixture scene = new Fixture(Kind.H2)) {
            add(scene, 1, 1);
            scene.step(0);
            JournalProjection own = scene.projection;
            scene.projection = scene.another();
            add(scene, 2, 2);
            add(scene, 3, 3);
            scene.step(1);

            scene.projection = own;
            add(scene, 4, 4);
            scene.step(2);
            scene.step(3);
            assertThat(logged.list).isEmpty();

            add(scene, 5, 8);
            scene.step(4);
            scene.step(5);
            assertThat(logged.list).singleElement().asString().contains("up to 3 changes are missing from the history");
        } finally {
            logger.detachAppender(logged);
        }
    }

    private static void add(Fixture scene, long ordering, long sequence) throws SQLException {
        scene.journal.add(ordering, A, sequence, JournalRows.recorded(TRANSITION, sequence));
    }

    /** Written as a node writes it. */
    @ParameterizedTest
    @EnumSource
    void theJournalOfADestinationIsTakenInByTheChronicler(Kind kind) throws Exception {
        StoreSettings settings = kind.settings(HistorySamples.freshName());
        HistorySettings keep = HistorySettingsTest.settings("", "");
        try (Store store = HistorySamples.prepared(Store.open(settings));
                JdbcHistory history = JdbcHistory.open(store)) {
            ActorSystem<DestinationJournal.Command> system = ActorSystem.create(
                    node(history, keep),
                    "journal",
                    ConfigFactory.parseResources("journal-serialization.conf")
                            .withFallback(store.persistence())
                            .withFallback(ConfigFactory.load()));
            for (JournalEntry.ChangeCause recorded : JournalEntry.ChangeCause.values()) {
                system.tell(new DestinationJournal.WriteEntry(JournalRows.recorded(recorded, recorded.ordinal())));
            }

            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> all(history).size() == JournalEntry.ChangeCause.values().length - 1);

            assertThat(all(history)).extracting(HistoryEntry::what).containsExactly("status", "status", "removed");
            assertThat(all(history)).extracting(HistoryEntry::destination).containsOnly("default:1:sip:a|b");
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    private static Behavior<DestinationJournal.Command> node(JdbcHistory history, HistorySettings settings) {
        return Behaviors.setup(context -> {
            context.spawn(HistoryProjectionActor.create(history, settings, number -> ""), "chronicler", Props.empty());
            ActorRef<DestinationJournal.Command> journal = context.spawn(
                    new DestinationJournal.Journals(50, 10, () -> 0, String::valueOf, null).apply("default:1:sip:a|b"),
                    "destination",
                    Props.empty());
            return Behaviors.receiveMessage(command -> {
                journal.tell(command);
                return Behaviors.same();
            });
        });
    }
}
