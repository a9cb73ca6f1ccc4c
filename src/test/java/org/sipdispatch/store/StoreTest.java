package org.sipdispatch.store;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.database.SeverableLink;
import org.sipdispatch.database.SqlScript;
import org.sipdispatch.membership.Arbiter;
import org.sipdispatch.membership.Arbiter.ClaimResult;
import org.sipdispatch.membership.Arbiter.Heartbeat;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.store.StoreSamples.Kind;
import org.slf4j.LoggerFactory;

class StoreTest {
    private static final Heartbeat NO_LEADER = new Heartbeat(ClaimResult.NO, "", 0);
    private static final Heartbeat NO_ANSWER = new Heartbeat(ClaimResult.SILENT, "", 0);

    @ParameterizedTest
    @EnumSource
    void severalNodesMakeTheTablesAtOnce(Kind kind) throws Exception {
        StoreSettings settings = kind.settings("prepared");
        List<Store> stores = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            stores.add(Store.open(settings));
        }

        List<Boolean> made = atOnce(
                stores.stream().<Callable<Boolean>>map(store -> store::prepare).toList());

        assertThat(made).containsOnly(true);
        assertThat(stores.get(5).arbiter().decide("first", "a")).isEqualTo(ClaimResult.YES);
        assertThat(stores).allMatch(store -> store.lastFailure() == null);
        stores.forEach(Store::close);
    }

    @ParameterizedTest
    @EnumSource
    void severalNodesAddWhatATableOfAnOlderReleaseDoesNotHave(Kind kind) throws Exception {
        StoreSettings settings = kind.settings("older");
        run(settings.database().url(), olderHistory(kind));
        run(
                settings.database().url(),
                "INSERT INTO sip_dispatcher_history (id, at_ms, kind, destination, state, busy,"
                        + " what, who, why, version, node, source_id, source_number) VALUES (1, 1000, 'STATUS', 'default:1:sip:a',"
                        + " 'Active', FALSE, 'status', 'probe', '', '3.1', '', 'destination|default:1:sip:a', 1)");
        List<Store> stores = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            stores.add(Store.open(settings));
        }

        atOnce(stores.stream().<Callable<Boolean>>map(store -> store::prepare).toList());
        await().atMost(Duration.ofSeconds(30)).until(stores.get(0)::prepare);

        try (Connection connection = stores.get(0).connect();
                Statement select = connection.createStatement();
                ResultSet row =
                        select.executeQuery("SELECT superseded, term, node_number, change_number, sort_ms, version"
                                + " FROM sip_dispatcher_history")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getBoolean(1)).isFalse();
            assertThat(row.getLong(5)).isZero();
            assertThat(row.getString(6)).isEqualTo("3.1");
        }
        stores.forEach(Store::close);
    }

    /** The tables without later additions. */
    private static String olderHistory(Kind kind) throws IOException {
        String name = kind == Kind.MARIADB ? "mysql" : kind.name().toLowerCase(Locale.ROOT);
        try (InputStream script = Store.class.getResourceAsStream(name + ".sql")) {
            return SqlScript.statements(new String(script.readAllBytes(), StandardCharsets.UTF_8)).stream()
                    .filter(statement -> statement.startsWith("CREATE TABLE IF NOT EXISTS sip_dispatcher_history"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTieIsWonByWhoAsksFirstAndStaysSo(Kind kind) {
        try (Store store = Store.open(kind.settings("ties"))) {
            Arbiter ties = store.arbiter();

            assertThat(ties.decide("a,b,c,d", "a")).isEqualTo(ClaimResult.YES);
            assertThat(ties.decide("a,b,c,d", "c")).isEqualTo(ClaimResult.NO);
            assertThat(ties.decide("a,b,c,d", "a")).isEqualTo(ClaimResult.YES);
            assertThat(ties.decide("A,b,c,d", "c")).isEqualTo(ClaimResult.YES);
        }
    }

    @Test
    void anEpochAndAHalfMayBeLong() {
        try (Store store = Store.open(Kind.H2.settings("long"))) {
            assertThat(store.arbiter().decide("x".repeat(1000) + "1", "a")).isEqualTo(ClaimResult.YES);
            assertThat(store.arbiter().decide("x".repeat(1000) + "2", "b")).isEqualTo(ClaimResult.YES);
            assertThat(store.arbiter().decide("x".repeat(1000) + "1", "b")).isEqualTo(ClaimResult.NO);

            assertThat(store.arbiter().decide("twenty nodes", "y".repeat(500) + "1"))
                    .isEqualTo(ClaimResult.YES);
            assertThat(store.arbiter().decide("twenty nodes", "y".repeat(500) + "2"))
                    .isEqualTo(ClaimResult.NO);
            assertThat(store.arbiter().decide("twenty nodes", "y".repeat(500) + "1"))
                    .isEqualTo(ClaimResult.YES);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoHalvesThatAskAtOnceOneWins(Kind kind) throws Exception {
        StoreSettings settings = kind.settings("halves");
        try (Store one = Store.open(settings);
                Store other = Store.open(settings)) {
            assertThat(one.prepare()).isTrue();
            for (int i = 0; i < 20; i++) {
                String epoch = "race " + i;

                List<ClaimResult> verdicts = atOnce(List.of(
                        () -> one.arbiter().decide(epoch, "a"),
                        () -> other.arbiter().decide(epoch, "b")));

                assertThat(verdicts).containsExactlyInAnyOrder(ClaimResult.YES, ClaimResult.NO);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLeadIsTakenByOneAndBeatByItsOwnerOnly(Kind kind) throws Exception {
        StoreSettings settings = kind.settings("beats");
        try (Store one = Store.open(settings);
                Store other = Store.open(settings)) {
            Arbiter beats = one.arbiter();
            assertThat(beats.read("sip")).isEqualTo(NO_LEADER);
            assertThat(beats.renew("sip", "a")).isEqualTo(ClaimResult.NO);
            for (int i = 0; i < 20; i++) {
                Heartbeat seen = beats.read("sip");
                String first = "a" + i;
                String second = "b" + i;

                List<ClaimResult> verdicts = atOnce(List.of(
                        () -> beats.takeOver("sip", first, seen),
                        () -> other.arbiter().takeOver("sip", second, seen)));

                assertThat(verdicts).containsExactlyInAnyOrder(ClaimResult.YES, ClaimResult.NO);
                String winner = verdicts.get(0) == ClaimResult.YES ? first : second;
                assertThat(beats.read("sip").owner()).isEqualTo(winner);
            }
            Heartbeat last = beats.read("sip");
            assertThat(beats.renew("sip", "somebody")).isEqualTo(ClaimResult.NO);
            assertThat(beats.renew("sip", last.owner())).isEqualTo(ClaimResult.YES);
            assertThat(beats.read("sip")).isEqualTo(new Heartbeat(ClaimResult.YES, last.owner(), last.count() + 1));
            assertThat(beats.takeOver("sip", "late", last)).isEqualTo(ClaimResult.NO);
            assertThat(beats.read("other")).isEqualTo(NO_LEADER);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tiesOfLastWeekAreForgotten(Kind kind) throws SQLException {
        StoreSettings settings = kind.settings("old");
        try (Store store = Store.open(settings)) {
            store.arbiter().decide("old", "a");
            store.arbiter().decide("new", "a");
            try (Connection connection =
                            DriverManager.getConnection(settings.database().url());
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE sip_dispatcher_tie SET created = CURRENT_TIMESTAMP - INTERVAL '8' DAY"
                        + " WHERE epoch = 'old'");
            }

            assertThat(store.prepare()).isTrue();

            assertThat(store.arbiter().decide("old", "b")).isEqualTo(ClaimResult.YES);
            assertThat(store.arbiter().decide("new", "b")).isEqualTo(ClaimResult.NO);
        }
    }

    @Test
    void whoMayNotMakeTablesMayUseThoseThatAreThere() throws SQLException {
        String url = EmbeddedPostgres.jdbcUrl("limited");
        run(url, "DROP ROLE IF EXISTS limited; CREATE ROLE limited LOGIN");
        StoreSettings limited = StoreSamples.settings(
                "jdbc:postgresql://127.0.0.1:" + EmbeddedPostgres.port() + "/limited?user=limited");
        try (Store store = Store.open(limited)) {
            assertThatThrownBy(store::prepare)
                    .isInstanceOf(SettingException.class)
                    .hasMessageStartingWith("journal.db_url: jdbc:postgresql://127.0.0.1")
                    .hasMessageContaining("(expected: a database with our tables or the right to create them: ");
        }
        try (Store admin = Store.open(StoreSamples.settings(url))) {
            assertThat(admin.prepare()).isTrue();
        }
        run(url, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO limited");

        try (Store store = Store.open(limited)) {
            assertThat(store.prepare()).isTrue();
            assertThat(store.arbiter().decide("epoch", "a")).isEqualTo(ClaimResult.YES);
        }
    }

    @Test
    void theLogSaysOnceWhyTheDatabaseRefuses() throws SQLException {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.list = new CopyOnWriteArrayList<>();
        Logger log = (Logger) LoggerFactory.getLogger(TimedQueries.class);
        lines.start();
        log.addAppender(lines);
        StoreSettings settings = Kind.H2.settings("refusing");
        try (Store store = Store.open(settings)) {
            await().until(store::prepare);
            run(settings.database().url(), "DROP TABLE sip_dispatcher_tie");

            await().until(() -> {
                assertThat(store.arbiter().decide("epoch", "a")).isEqualTo(ClaimResult.SILENT);
                return lines.list.stream().anyMatch(StoreTest::saysThatATableIsMissing);
            });
            assertThat(store.arbiter().decide("epoch", "a")).isEqualTo(ClaimResult.SILENT);
        } finally {
            log.detachAppender(lines);
        }

        assertThat(lines.list)
                .filteredOn(StoreTest::saysThatATableIsMissing)
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage, as(InstanceOfAssertFactories.STRING))
                .startsWith("deciding which half of the cluster continues: a table is missing (SQLSTATE 42S0")
                .containsIgnoringCase("sip_dispatcher_tie");
    }

    private static boolean saysThatATableIsMissing(ILoggingEvent line) {
        return line.getFormattedMessage().contains("a table is missing");
    }

    private static void run(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    @Timeout(30)
    void aSilentDatabaseIsSilenceAndNotAWait() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Store store = Store.open(StoreSamples.impatient(
                        "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/sip?user=u&password=s3cret"))) {
            assertThat(store.arbiter().decide("epoch", "a")).isEqualTo(ClaimResult.SILENT);
            assertThat(store.arbiter().read("sip")).isEqualTo(NO_ANSWER);
            assertThat(store.arbiter().renew("sip", "a")).isEqualTo(ClaimResult.SILENT);
            assertThat(store.arbiter().takeOver("sip", "a", NO_LEADER)).isEqualTo(ClaimResult.SILENT);
            assertThat(store.arbiter().takeOver("sip", "a", NO_ANSWER)).isEqualTo(ClaimResult.SILENT);
            assertThat(store.prepare()).isFalse();
            assertThat(store.lastFailure()).isNotBlank().doesNotContain("s3cret");
        }
    }

    /** The texts of Akka Persistence name neither the database nor what an operator can do. */
    @Test
    void aJournalThatAnswersTooLateIsDescribedInOurWords(@TempDir Path directory) {
        try (Store file = Store.open(
                        StoreSamples.impatient("jdbc:h2:file:" + directory + "/journal;TRACE_LEVEL_FILE=0"));
                Store server =
                        Store.open(StoreSamples.impatient("jdbc:postgresql://127.0.0.1:1/sip?password=s3cret"))) {
            TimeoutException late = new TimeoutException("Circuit Breaker Timed out.");

            assertThat(file.cause(late)).isEqualTo("no answer within 5s, so this host is slow or overloaded");
            assertThat(file.shownName()).isEqualTo("file " + directory + "/journal.mv.db");
            assertThat(server.cause(late)).isEqualTo("no answer within 5s");
            assertThat(server.shownName()).isEqualTo("jdbc:postgresql://127.0.0.1:1/sip?password=***");
        }
    }

    @Test
    void aDatabaseThatComesLaterIsPreparedThen() {
        EmbeddedPostgres.jdbcUrl("comeslater");
        try (SeverableLink link = new SeverableLink(EmbeddedPostgres.port());
                Store store = Store.open(StoreSamples.impatient("jdbc:postgresql://127.0.0.1:" + link.port()
                        + "/comeslater?user=postgres&password=postgres"))) {
            link.cut();
            assertThat(store.prepare()).isFalse();
            assertThat(store.arbiter().decide("epoch", "a")).isEqualTo(ClaimResult.SILENT);

            link.mend();

            await().until(() -> store.arbiter().decide("epoch", "a") == ClaimResult.YES);
            await().until(store::prepare);
        }
    }

    private static <T> List<T> atOnce(List<Callable<T>> questions) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(questions.size());
        ExecutorService threads = Executors.newFixedThreadPool(questions.size());
        try {
            List<Future<T>> answers = new ArrayList<>();
            for (Callable<T> question : questions) {
                answers.add(threads.submit(() -> {
                    barrier.await();
                    return question.call();
                }));
            }
            List<T> values = new ArrayList<>();
            for (Future<T> answer : answers) {
                values.add(answer.get());
            }
            return values;
        } finally {
            threads.shutdown();
        }
    }
}
