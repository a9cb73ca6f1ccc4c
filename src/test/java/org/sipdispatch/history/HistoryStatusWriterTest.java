package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.destination.JournalEntry.ChangeCause.COUNT;
import static org.sipdispatch.destination.JournalEntry.ChangeCause.OPERATOR;
import static org.sipdispatch.destination.JournalEntry.ChangeCause.TRANSITION;
import static org.sipdispatch.history.HistorySamples.all;
import static org.sipdispatch.history.HistorySamples.read;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.destination.JournalEntry;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.store.Store;
import org.sipdispatch.store.StoreSamples.Kind;

/** The last unmarked line of a destination is its newest version, in any order of writes. */
class HistoryStatusWriterTest {
    private static final String A = "destination|default:1:sip:a";
    private static final String B = "destination|default:1:sip:b";
    private static final long NOW = 1_700_000_000_000L;
    private static final HistoryQuery LIST = new HistoryQuery(null, null, null, 0, 0, 0, 0, 100);

    /** A database and a projection on any node. */
    private static final class Fixture implements AutoCloseable {
        final Store store;
        final JdbcHistory history;
        final Connection connection;
        final JournalRows journal;
        JournalProjection projection;
        long ordering;
        long sequence;

        Fixture(Kind kind) throws SQLException {
            store = HistorySamples.store(kind);
            history = JdbcHistory.open(store);
            connection = store.connect();
            journal = new JournalRows(connection, store.product());
            anotherNode();
        }

        void anotherNode() {
            projection =
                    new JournalProjection(history.sequence(), store.product(), number -> number == 1 ? "node 1" : "");
        }

        void write(String source, JournalEntry.ChangeCause cause, boolean held, StatusVersion version, long atMs)
                throws SQLException {
            Status status = new Status(version, held, false, false, 0, 0, false, atMs, "ann", "");
            journal.add(++ordering, source, ++sequence, new JournalEntry(cause, status, atMs));
        }

        void write(boolean held, StatusVersion version, long atMs) throws SQLException {
            write(A, OPERATOR, held, version, atMs);
        }

        void takeIn() throws SQLException {
            projection.step(connection, System.currentTimeMillis(), System.nanoTime());
        }

        /** Versions and states; superseded ones have a mark. */
        List<String> lines(HistoryQuery query) {
            return read(history, query).stream().map(Fixture::text).toList();
        }

        private static String text(HistoryEntry entry) {
            return (entry.superseded() ? "superseded " : "") + entry.version() + " " + entry.state();
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
    void aLateRecordIsNeverTheNewestStatus(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            scene.write(false, new StatusVersion(6, 1, 1), NOW);
            scene.write(true, new StatusVersion(7, 1, 2), NOW + 3000);
            scene.write(false, new StatusVersion(7, 2, 2), NOW + 3500);
            scene.takeIn();
            scene.anotherNode();
            scene.write(true, new StatusVersion(6, 2, 1), NOW + 6000);
            scene.takeIn();

            assertThat(all(scene.history)).extracting(HistoryEntry::id).containsExactly(1L, 2L, 3L, 4L);
            assertThat(scene.lines(HistoryQuery.after(3, 10))).containsExactly("superseded 6.2 Inactive");
            assertThat(scene.lines(LIST))
                    .containsExactly("7.2 Active", "7.1 Inactive", "superseded 6.2 Inactive", "6.1 Active");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOrderWithoutEffectIsNoStatus(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            scene.write(A, TRANSITION, false, new StatusVersion(6, 1, 1), NOW);
            Status released = new Status(
                    new StatusVersion(6, 2, 1), false, false, false, 0, 0, false, NOW, "table", "", List.of("order"));
            scene.journal.add(++scene.ordering, A, ++scene.sequence, new JournalEntry(OPERATOR, released, NOW + 2000));
            scene.takeIn();
            scene.write(true, new StatusVersion(6, 3, 1), NOW + 3000);
            scene.takeIn();

            assertThat(scene.lines(LIST)).containsExactly("6.3 Inactive", "6.1 Active");
        }
    }

    /** An actor that did not know the last change yet executes an order that leads to the same state. */
    @ParameterizedTest
    @EnumSource
    void anOrderThatBeginsTheSameStateAgainIsAStatus(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            scene.write(true, new StatusVersion(1, 6, 1), NOW);
            scene.write(A, OPERATOR, true, new StatusVersion(2, 1, 2), NOW + 5000);
            scene.takeIn();

            assertThat(scene.lines(LIST)).containsExactly("2.1 Inactive", "1.6 Inactive");
        }
    }

    /** The status of the destination stays as it is. */
    @ParameterizedTest
    @EnumSource
    void aChangeOfATargetIsALineOfItsDestination(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            scene.write(A, TRANSITION, false, new StatusVersion(6, 1, 1), NOW);
            String targets = "\ntargets\n\tprobe\ttarget 192.0.2.1:5060 is Probing\t" + (NOW + 2000);
            String line = "\n192.0.2.1:5060\ta.test\t1\t60\t-p\t3\t0\t5\tprobe\tno reply";
            Status status = new Status(
                    new StatusVersion(6, 2, 1),
                    false,
                    false,
                    false,
                    0,
                    0,
                    false,
                    NOW,
                    "ann",
                    "",
                    List.of(targets + line));
            scene.journal.add(++scene.ordering, A, ++scene.sequence, new JournalEntry(TRANSITION, status, NOW + 2000));
            scene.takeIn();

            assertThat(all(scene.history))
                    .extracting(entry -> entry.state() + " " + entry.who() + ": " + entry.why())
                    .containsExactly("Active ann: ", "Active probe: target 192.0.2.1:5060 is Probing");
        }
    }

    @ParameterizedTest
    @EnumSource
    void soItIsWithinOneTurn(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            scene.write(false, new StatusVersion(6, 1, 1), NOW);
            scene.write(false, new StatusVersion(7, 2, 2), NOW + 3500);
            scene.write(true, new StatusVersion(6, 2, 1), NOW + 6000);
            scene.write(false, new StatusVersion(6, 3, 1), NOW + 2000);
            scene.takeIn();

            assertThat(scene.lines(LIST))
                    .containsExactly("7.2 Active", "superseded 6.3 Active", "superseded 6.2 Inactive", "6.1 Active");
        }
    }

    @ParameterizedTest
    @EnumSource
    void versionsAreNumbersAndTheChangeGoesBeforeTheNode(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            scene.write(false, new StatusVersion(9, 9, 1), NOW);
            scene.write(true, new StatusVersion(10, 1, 1), NOW + 1);
            scene.write(false, new StatusVersion(10, 0, 2), NOW + 2);
            scene.write(true, new StatusVersion(10, 7, 1), NOW + 3);
            scene.write(B, OPERATOR, true, new StatusVersion(1, 1, -5), NOW + 4);
            scene.takeIn();

            assertThat(scene.lines(HistoryQuery.after(0, 10)))
                    .containsExactly(
                            "9.9 Active", "10.1 Inactive", "superseded 10.0 Active", "10.7 Inactive", "1.1 Inactive");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAnActorOfTheSameTermLeftIsNeverTheLastWordAtTheSameTime(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            scene.write(true, new StatusVersion(3, 1, 2), NOW);
            scene.write(false, new StatusVersion(3, 2, 2), NOW + 1);
            scene.takeIn();
            scene.write(true, new StatusVersion(3, 1, 9), NOW + 5);
            scene.takeIn();

            assertThat(scene.lines(LIST)).containsExactly("3.2 Active", "superseded 3.1 Inactive", "3.1 Inactive");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCounterOfANewerVersionSupersedesToo(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            scene.write(A, TRANSITION, false, new StatusVersion(6, 1, 1), NOW);
            scene.write(A, COUNT, false, new StatusVersion(7, 1, 2), NOW + 1000);
            scene.takeIn();
            scene.write(A, TRANSITION, true, new StatusVersion(6, 2, 1), NOW + 2000);
            scene.write(A, TRANSITION, true, new StatusVersion(7, 2, 2), NOW + 1500);
            scene.takeIn();

            assertThat(scene.lines(LIST)).containsExactly("7.2 Inactive", "superseded 6.2 Inactive", "6.1 Active");
        }
    }

    /**
     * The destination was put on hold while its journal was away, and adopted the journal's status when it came back.
     */
    @ParameterizedTest
    @EnumSource
    void whatAnActorSaidBeforeItKnewItsJournalIsTrueInTheEnd(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            scene.write(A, OPERATOR, false, new StatusVersion(7, 2, 1), NOW);
            scene.write(A, OPERATOR, true, new StatusVersion(1, 1, 2), NOW + 1000);
            scene.write(A, COUNT, true, new StatusVersion(8, 0, 2), NOW + 2000);
            scene.takeIn();
            scene.write(A, COUNT, true, new StatusVersion(8, 1, 2), NOW + 3000);
            scene.takeIn();

            assertThat(scene.lines(LIST)).containsExactly("8.0 Inactive", "7.2 Active", "superseded 1.1 Inactive");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whereTheJournalWasDeletedTermsBeginAnew(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            scene.write(false, new StatusVersion(7, 2, 1), NOW);
            scene.write(true, new StatusVersion(7, 3, 1), NOW + 1000);
            scene.takeIn();
            scene.journal.clear();
            scene.sequence = 0;
            scene.write(false, new StatusVersion(1, 1, 2), NOW + 2000);
            scene.write(true, new StatusVersion(1, 2, 2), NOW + 3000);
            scene.takeIn();

            assertThat(scene.lines(LIST)).containsExactly("1.2 Inactive", "1.1 Active", "7.3 Inactive", "7.2 Active");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHistoryOfAnOlderReleaseIsKnown(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind);
                Statement statement = scene.connection.createStatement()) {
            scene.write(false, new StatusVersion(10, 2, 1), NOW);
            scene.takeIn();
            statement.executeUpdate("DELETE FROM sip_dispatcher_newest");
            statement.executeUpdate("UPDATE sip_dispatcher_history SET sort_ms = 0, term = 0, node_number = 0");
            scene.write(true, new StatusVersion(9, 3, 1), NOW + 1000);
            scene.write(true, new StatusVersion(10, 3, 1), NOW + 1000);
            scene.takeIn();

            assertThat(scene.lines(HistoryQuery.after(0, 10)))
                    .containsExactly("10.2 Active", "superseded 9.3 Inactive", "10.3 Inactive");
        }
    }

    @ParameterizedTest
    @EnumSource
    void versionsGoBeforeClocksAndOneThatIsFarAheadCountsAsNow(Kind kind) throws Exception {
        long now = System.currentTimeMillis();
        try (Fixture scene = new Fixture(kind)) {
            scene.write(false, new StatusVersion(1, 1, 1), now);
            scene.write(true, new StatusVersion(2, 1, 2), now - 60_000);
            scene.write(B, OPERATOR, true, new StatusVersion(1, 1, 1), now - 30_000);
            scene.write(B, OPERATOR, false, new StatusVersion(1, 2, 1), now + 1_000_000_000_000L);
            scene.write(A, OPERATOR, false, new StatusVersion(2, 2, 2), now + 600_000);
            scene.takeIn();

            assertThat(scene.lines(LIST))
                    .containsExactly("2.2 Active", "1.2 Active", "2.1 Inactive", "1.1 Active", "1.1 Inactive");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNodeIsNamedByWhatWasWrittenDownWhenNobodyHereHasMetIt(Kind kind) throws Exception {
        try (Fixture scene = new Fixture(kind)) {
            NodeAddresses.write(scene.connection, -7, "10.0.0.7:2552");
            NodeAddresses.write(scene.connection, -7, "10.0.0.8:2552");
            scene.write(false, new StatusVersion(1, 1, 1), NOW);
            scene.write(false, new StatusVersion(2, 1, -7), NOW);
            scene.write(false, new StatusVersion(3, 1, 9), NOW);
            scene.takeIn();

            assertThat(all(scene.history))
                    .extracting(HistoryEntry::node)
                    .containsExactly("node 1", "10.0.0.7:2552", "");
        }
    }
}
