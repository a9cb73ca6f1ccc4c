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
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.database.SeverableLink;
import org.sipdispatch.database.SqlScript;
import org.sipdispatch.settings.BadSetting;
import org.sipdispatch.store.StoreSamples.Kind;
import org.slf4j.LoggerFactory;

class StoreTest {
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
        assertThat(stores.get(5).ties().settle("first", "a")).isEqualTo(Verdict.WON);
        assertThat(stores).allMatch(store -> store.trouble() == null);
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
            Ties ties = store.ties();

            assertThat(ties.settle("a,b,c,d", "a")).isEqualTo(Verdict.WON);
            assertThat(ties.settle("a,b,c,d", "c")).isEqualTo(Verdict.LOST);
            assertThat(ties.settle("a,b,c,d", "a")).isEqualTo(Verdict.WON);
            assertThat(ties.settle("A,b,c,d", "c")).isEqualTo(Verdict.WON);
        }
    }

    @Test
    void anEpochAndAHalfMayBeLong() {
        try (Store store = Store.open(Kind.H2.settings("long"))) {
            assertThat(store.ties().settle("x".repeat(1000) + "1", "a")).isEqualTo(Verdict.WON);
            assertThat(store.ties().settle("x".repeat(1000) + "2", "b")).isEqualTo(Verdict.WON);
            assertThat(store.ties().settle("x".repeat(1000) + "1", "b")).isEqualTo(Verdict.LOST);

            assertThat(store.ties().settle("twenty nodes", "y".repeat(500) + "1"))
                    .isEqualTo(Verdict.WON);
            assertThat(store.ties().settle("twenty nodes", "y".repeat(500) + "2"))
                    .isEqualTo(Verdict.LOST);
            assertThat(store.ties().settle("twenty nodes", "y".repeat(500) + "1"))
                    .isEqualTo(Verdict.WON);
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

                List<Verdict> verdicts = atOnce(List.of(
                        () -> one.ties().settle(epoch, "a"), () -> other.ties().settle(epoch, "b")));

                assertThat(verdicts).containsExactlyInAnyOrder(Verdict.WON, Verdict.LOST);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLeadIsTakenByOneAndBeatByItsOwnerOnly(Kind kind) throws Exception {
        StoreSettings settings = kind.settings("beats");
        try (Store one = Store.open(settings);
                Store other = Store.open(settings)) {
            Beats beats = one.beats();
            assertThat(beats.read("sip")).isEqualTo(Beat.NONE);
            assertThat(beats.beat("sip", "a")).isEqualTo(Verdict.LOST);
            for (int i = 0; i < 20; i++) {
                Beat seen = beats.read("sip");
                String first = "a" + i;
                String second = "b" + i;

                List<Verdict> verdicts = atOnce(List.of(
                        () -> beats.take("sip", first, seen),
                        () -> other.beats().take("sip", second, seen)));

                assertThat(verdicts).containsExactlyInAnyOrder(Verdict.WON, Verdict.LOST);
                String winner = verdicts.get(0) == Verdict.WON ? first : second;
                assertThat(beats.read("sip").owner()).isEqualTo(winner);
            }
            Beat last = beats.read("sip");
            assertThat(beats.beat("sip", "somebody")).isEqualTo(Verdict.LOST);
            assertThat(beats.beat("sip", last.owner())).isEqualTo(Verdict.WON);
            assertThat(beats.read("sip")).isEqualTo(new Beat(last.owner(), last.count() + 1));
            assertThat(beats.take("sip", "late", last)).isEqualTo(Verdict.LOST);
            assertThat(beats.read("other")).isEqualTo(Beat.NONE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tiesOfLastWeekAreForgotten(Kind kind) throws SQLException {
        StoreSettings settings = kind.settings("old");
        try (Store store = Store.open(settings)) {
            store.ties().settle("old", "a");
            store.ties().settle("new", "a");
            try (Connection connection =
                            DriverManager.getConnection(settings.database().url());
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE sip_dispatcher_tie SET created = CURRENT_TIMESTAMP - INTERVAL '8' DAY"
                        + " WHERE epoch = 'old'");
            }

            assertThat(store.prepare()).isTrue();

            assertThat(store.ties().settle("old", "b")).isEqualTo(Verdict.WON);
            assertThat(store.ties().settle("new", "b")).isEqualTo(Verdict.LOST);
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
                    .isInstanceOf(BadSetting.class)
                    .hasMessageStartingWith("journal.db_url: jdbc:postgresql://127.0.0.1")
                    .hasMessageContaining("(expected: a database with our tables or the right to create them: ");
        }
        try (Store admin = Store.open(StoreSamples.settings(url))) {
            assertThat(admin.prepare()).isTrue();
        }
        run(url, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO limited");

        try (Store store = Store.open(limited)) {
            assertThat(store.prepare()).isTrue();
            assertThat(store.ties().settle("epoch", "a")).isEqualTo(Verdict.WON);
        }
    }

    @Test
    void theLogSaysOnceWhyTheDatabaseRefuses() throws SQLException {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.list = new CopyOnWriteArrayList<>();
        Logger log = (Logger) LoggerFactory.getLogger(Asking.class);
        lines.start();
        log.addAppender(lines);
        StoreSettings settings = Kind.H2.settings("refusing");
        try (Store store = Store.open(settings)) {
            await().until(store::prepare);
            run(settings.database().url(), "DROP TABLE sip_dispatcher_tie");

            await().until(() -> {
                assertThat(store.ties().settle("epoch", "a")).isEqualTo(Verdict.SILENT);
                return lines.list.stream().anyMatch(StoreTest::saysThatATableIsMissing);
            });
            assertThat(store.ties().settle("epoch", "a")).isEqualTo(Verdict.SILENT);
        } finally {
            log.detachAppender(lines);
        }

        assertThat(lines.list)
                .filteredOn(StoreTest::saysThatATableIsMissing)
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage, as(InstanceOfAssertFactories.STRING))
                .startsWith("which half of the cluster goes on: a table is missing (SQLSTATE 42S0")
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
                Store store = Store.open(StoreSamples.settings(
                        "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/sip?user=u&password=s3cret"))) {
            assertThat(store.ties().settle("epoch", "a")).isEqualTo(Verdict.SILENT);
            assertThat(store.beats().read("sip")).isEqualTo(Beat.SILENT);
            assertThat(store.beats().beat("sip", "a")).isEqualTo(Verdict.SILENT);
            assertThat(store.beats().take("sip", "a", Beat.NONE)).isEqualTo(Verdict.SILENT);
            assertThat(store.beats().take("sip", "a", Beat.SILENT)).isEqualTo(Verdict.SILENT);
            assertThat(store.prepare()).isFalse();
            assertThat(store.trouble()).isNotBlank().doesNotContain("s3cret");
        }
    }

    @Test
    void aDatabaseThatComesLaterIsPreparedThen() {
        EmbeddedPostgres.jdbcUrl("comeslater");
        try (SeverableLink link = new SeverableLink(EmbeddedPostgres.port());
                Store store = Store.open(StoreSamples.settings("jdbc:postgresql://127.0.0.1:" + link.port()
                        + "/comeslater?user=postgres&password=postgres"))) {
            link.cut();
            assertThat(store.prepare()).isFalse();
            assertThat(store.ties().settle("epoch", "a")).isEqualTo(Verdict.SILENT);

            link.mend();

            await().until(() -> store.ties().settle("epoch", "a") == Verdict.WON);
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
