package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.sipdispatch.history.HistorySamples.all;
import static org.sipdispatch.history.HistorySamples.order;
import static org.sipdispatch.history.HistorySamples.read;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.database.EmbeddedMariaDb;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.database.SeverableLink;
import org.sipdispatch.database.SqlScripts;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.store.Store;
import org.sipdispatch.store.StoreSamples;
import org.sipdispatch.store.StoreSamples.Kind;
import org.sipdispatch.store.StoreSettings;

class JdbcHistoryTest {
    private static final int WRITERS = 4;
    private static final int EACH = 150;

    @ParameterizedTest
    @EnumSource
    void whoReadsOnMissesNothingThatSeveralNodesWrite(Kind kind) throws Exception {
        StoreSettings settings = kind.settings(HistorySamples.freshName());
        List<Store> stores = new ArrayList<>();
        List<JdbcHistory> nodes = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            stores.add(HistorySamples.prepared(Store.open(settings)));
            nodes.add(JdbcHistory.open(stores.get(i)));
        }
        List<Thread> writers = IntStream.range(0, WRITERS)
                .mapToObj(i -> new Thread(() ->
                        IntStream.range(0, EACH).forEach(n -> nodes.get(i).recordOrder(order("node" + i + " " + n)))))
                .toList();
        writers.forEach(Thread::start);

        List<HistoryEntry> seen = new ArrayList<>();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(1))
                .ignoreExceptions()
                .until(() -> {
                    seen.addAll(read(nodes.get(0), HistoryQuery.after(seen.size(), 7)));
                    return seen.size() >= WRITERS * EACH;
                });

        assertThat(seen.stream().map(HistoryEntry::id))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, WRITERS * EACH).boxed().toList());
        for (int i = 0; i < WRITERS; i++) {
            String name = "node" + i + " ";
            assertThat(seen.stream().map(HistoryEntry::who).filter(who -> who.startsWith(name)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, EACH).mapToObj(n -> name + n).toList());
        }
        nodes.forEach(JdbcHistory::close);
        stores.forEach(Store::close);
    }

    @ParameterizedTest
    @EnumSource
    void aWriterThatDiesHoldsNobodyUpAndLeavesNoGap(Kind kind) throws Exception {
        StoreSettings settings = kind.settings(HistorySamples.freshName());
        try (Store store = HistorySamples.prepared(Store.open(settings));
                JdbcHistory history = JdbcHistory.open(store)) {
            history.recordOrder(order("alice"));
            await().ignoreExceptions().until(() -> all(history).size() == 1);
            Connection dying = DriverManager.getConnection(
                    settings.database().url(),
                    settings.database().user(),
                    settings.database().password());
            dying.setAutoCommit(false);
            HistorySequence sequence = new HistorySequence(store.product());
            assertThat(sequence.lockedPosition(dying, HistorySequence.HISTORY)).isEqualTo(1);
            HistoryTable.insert(
                    dying, List.of(new PendingEntry(order("ghost"), "ghost", 0, StatusVersion.NONE, 1000)), 2, false);
            history.recordOrder(order("bob"));
            if (kind != Kind.H2) {
                // H2 opens no further connection while one waits for a row lock.
                assertThat(all(history)).hasSize(1);
            }

            dying.close();

            await().ignoreExceptions().until(() -> all(history).size() == 2);
            assertThat(all(history)).extracting(HistoryEntry::who).containsExactly("alice", "bob");
            assertThat(all(history)).extracting(HistoryEntry::id).containsExactly(1L, 2L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aQuestionIsAnsweredInItsOrderAndWithinItsBounds(Kind kind) {
        try (Store store = HistorySamples.store(kind);
                JdbcHistory history = JdbcHistory.open(store)) {
            history.recordOrder(order("trunks:3:sip:a_b", "alice (10.0.0.9)", 100));
            history.recordOrder(order("trunks:3:sip:aXb", "bob", 200));
            history.recordOrder(order("trunks:33:sip:a", "alice (10.0.0.8)", 300));
            history.recordOrder(order("Trunks:3:sip:a_b", "100%", 400));
            history.recordOrder(order("", "größer \uD83D\uDE00 \0 \uD83D", 500));
            await().ignoreExceptions().until(() -> all(history).size() == 5);

            assertThat(ids(history, new HistoryQuery(null, null, null, 0, 0, 0, 0, 2)))
                    .containsExactly(5L, 4L);
            assertThat(ids(history, new HistoryQuery("trunks:3:sip:a_b", null, null, 0, 0, 0, 0, 9)))
                    .containsExactly(1L);
            assertThat(ids(history, new HistoryQuery(null, "trunks:3:", null, 0, 0, 0, 0, 9)))
                    .containsExactly(2L, 1L);
            assertThat(ids(history, new HistoryQuery(null, "trunks:3:sip:a_", null, 0, 0, 0, 0, 9)))
                    .containsExactly(1L);
            assertThat(ids(history, new HistoryQuery(null, null, "alice", 0, 0, -1, 0, 9)))
                    .containsExactly(1L, 3L);
            assertThat(ids(history, new HistoryQuery(null, null, "0%", 0, 0, 0, 0, 9)))
                    .containsExactly(4L);
            assertThat(ids(history, new HistoryQuery(null, null, null, 200, 400, 0, 0, 9)))
                    .containsExactly(3L, 2L);
            assertThat(ids(history, new HistoryQuery(null, null, null, 0, 0, 1, 5, 2)))
                    .containsExactly(2L, 3L);
            assertThat(all(history).get(4).who()).isEqualTo("größer \uD83D\uDE00   ?");
            assertThat(all(history).get(0))
                    .usingRecursiveComparison()
                    .ignoringFields("id")
                    .isEqualTo(order("trunks:3:sip:a_b", "alice (10.0.0.9)", 100));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theCallerLearnsWhenAnOrderIsStored(Kind kind) {
        try (Store store = HistorySamples.store(kind);
                JdbcHistory history = JdbcHistory.open(store)) {
            // Directly, because the history does not wait for long.
            OrderOutbox notes =
                    new OrderOutbox(store, new HistorySequence(store.product()), 100, Duration.ofMillis(50));
            for (int i = 1; i <= 20; i++) {
                notes.add(order("order " + i)).join();

                assertThat(all(history)).hasSize(i);
            }
            notes.close(Duration.ofSeconds(10));
        }
    }

    @Test
    void whoGaveAnOrderDoesNotWaitForADatabaseThatIsAway() throws Exception {
        String name = HistorySamples.freshName();
        EmbeddedPostgres.jdbcUrl(name);
        try (SeverableLink link = new SeverableLink(EmbeddedPostgres.port());
                Store store = HistorySamples.prepared(Store.open(StoreSamples.settings("jdbc:postgresql://127.0.0.1:"
                        + link.port() + "/" + name + "?user=postgres&password=postgres")));
                JdbcHistory history = JdbcHistory.open(store)) {
            link.cut();

            assertThat(history.recordOrder(order("alice"))).succeedsWithin(Duration.ofSeconds(20));

            link.mend();
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> all(history).size() == 1);
        }
    }

    private static List<Long> ids(History history, HistoryQuery query) {
        return read(history, query).stream().map(HistoryEntry::id).toList();
    }

    @Test
    void aDatabaseThatKnowsFewLettersTakesTheRest() {
        String name = HistorySamples.freshName();
        SqlScripts.run(
                EmbeddedPostgres.jdbcUrl("postgres"),
                "CREATE DATABASE " + name + " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        try (Store store = HistorySamples.prepared(Store.open(StoreSamples.settings(EmbeddedPostgres.jdbcUrl(name))));
                JdbcHistory history = JdbcHistory.open(store)) {
            history.recordOrder(order("größer \u20AC"));
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> all(history).stream().map(HistoryEntry::who).toList(), List.of("gr??er ?")::equals);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsTooLongForTheTableIsCut(Kind kind) {
        String id = "default:1:sip:" + "ä".repeat(900);
        try (Store store = HistorySamples.store(kind);
                JdbcHistory history = JdbcHistory.open(store)) {
            history.recordOrder(new HistoryEntry(
                    0,
                    1,
                    HistoryEntry.HistoryEntryType.ORDER,
                    id,
                    "",
                    true,
                    "x".repeat(100),
                    "ö".repeat(300),
                    "ü".repeat(2000),
                    "",
                    null,
                    false));
            await().ignoreExceptions().until(() -> all(history).size() == 1);

            assertThat(read(history, new HistoryQuery(id, null, null, 0, 0, 0, 0, 9)))
                    .hasSize(1);
            assertThat(all(history).get(0).who()).isEqualTo("ö".repeat(255));
            assertThat(all(history).get(0).busy()).isTrue();
        }
    }

    @Test
    void noOrderIsLostOrDoubledWhilePostgresComesAndGoes() throws Exception {
        String name = HistorySamples.freshName();
        EmbeddedPostgres.jdbcUrl(name);
        assertSurvivesOutages(
                EmbeddedPostgres.port(), "jdbc:postgresql://127.0.0.1:%d/" + name + "?user=postgres&password=postgres");
    }

    @Test
    void noOrderIsLostOrDoubledWhileMariaDbComesAndGoes() throws Exception {
        assertSurvivesOutages(
                EmbeddedMariaDb.port(),
                "jdbc:mariadb://127.0.0.1:%d/" + HistorySamples.freshName()
                        + "?user=sip&password=sip&createDatabaseIfNotExist=true");
    }

    private static void assertSurvivesOutages(int port, String url) throws Exception {
        int outages = 6;
        int burst = 40;
        try (SeverableLink link = new SeverableLink(port);
                Store store = HistorySamples.prepared(Store.open(StoreSamples.impatient(url.formatted(link.port()))));
                JdbcHistory history = JdbcHistory.open(store)) {
            history.recordOrder(order("first"));
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> all(history).size() == 1);
            for (int outage = 0; outage < outages; outage++) {
                for (int i = 0; i < burst; i++) {
                    history.recordOrder(order("order " + (outage * burst + i)));
                }
                link.cut();
                assertThatThrownBy(() -> all(history)).isNotNull();
                link.mend();
            }

            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> all(history).size() >= 1 + outages * burst);
            assertThat(all(history).stream().skip(1).map(HistoryEntry::who))
                    .containsExactlyElementsOf(IntStream.range(0, outages * burst)
                            .mapToObj(i -> "order " + i)
                            .toList());
        }
    }

    @Test
    void theOldestOrdersGoWhenTooManyWait() throws Exception {
        EmbeddedPostgres.jdbcUrl("waiting");
        try (SeverableLink link = new SeverableLink(EmbeddedPostgres.port())) {
            link.cut();
            try (Store store = Store.open(StoreSamples.impatient("jdbc:postgresql://127.0.0.1:" + link.port() + "/"
                            + HistorySamples.freshName() + "?user=postgres&password=postgres"));
                    Store direct =
                            Store.open(StoreSamples.settings(EmbeddedPostgres.jdbcUrl(HistorySamples.freshName())))) {
                OrderOutbox away =
                        new OrderOutbox(store, new HistorySequence(store.product()), 10, Duration.ofMillis(50));
                IntStream.range(0, 500).forEach(i -> away.add(order("order " + i)));
                away.close(Duration.ofSeconds(10));

                OrderOutbox ownOutbox =
                        new OrderOutbox(direct, new HistorySequence(direct.product()), 10, Duration.ofMillis(50));
                HistorySamples.prepared(direct);
                ownOutbox.add(order("last word"));
                ownOutbox.close(Duration.ofSeconds(10));

                try (JdbcHistory history = JdbcHistory.open(direct)) {
                    assertThat(all(history)).extracting(HistoryEntry::who).containsExactly("last word");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSubscriberReceivesTheNewestIdAtTheBeginningAndEachLaterOne(Kind kind) throws Exception {
        try (Store store = HistorySamples.store(kind);
                JdbcHistory history = JdbcHistory.open(store)) {
            List<Long> received = new CopyOnWriteArrayList<>();
            List<Long> other = new CopyOnWriteArrayList<>();
            AutoCloseable following = history.subscribe(received::add);
            await().until(() -> received.equals(List.of(0L)));

            history.recordOrder(order("alice"));
            await().until(() -> received.equals(List.of(0L, 1L)));
            AutoCloseable otherFollowing = history.subscribe(other::add);
            await().until(() -> other.equals(List.of(1L)));
            following.close();
            List<Long> third = new CopyOnWriteArrayList<>();
            AutoCloseable thirdFollowing = history.subscribe(third::add);
            // Every poll that included the closed subscriber has ended by then.
            await().until(() -> third.equals(List.of(1L)));
            thirdFollowing.close();
            history.recordOrder(order("bob"));

            await().until(() -> other.equals(List.of(1L, 2L)));
            assertThat(received).containsExactly(0L, 1L);
            otherFollowing.close();
        }
    }

    @Test
    void aConnectionMayBeSilentForAsLongAsBefore() throws Exception {
        try (Store store = HistorySamples.store(Kind.MARIADB);
                Connection connection = store.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION wait_timeout = 1234");
            new HistorySequence(store.product()).write(connection, held -> List.of());

            try (ResultSet row = statement.executeQuery("SELECT @@SESSION.wait_timeout")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(1234);
            }
        }
    }

    @Test
    void whoReadsOnDoesNotWaitForThoseWhoSearch() {
        CompletableFuture<Void> found = new CompletableFuture<>();
        try (Store store = HistorySamples.store(Kind.H2);
                JdbcHistory history = JdbcHistory.open(store)) {
            for (int i = 0; i < 4; i++) {
                history.search(
                        connection -> found.orTimeout(30, TimeUnit.SECONDS).join());
            }

            assertThat(history.read(HistoryQuery.after(0, 10))).succeedsWithin(Duration.ofSeconds(20));
            found.complete(null);
        }
    }
}
