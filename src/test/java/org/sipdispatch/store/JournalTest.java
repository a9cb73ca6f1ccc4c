package org.sipdispatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AskPattern;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.database.EmbeddedMariaDb;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.database.SeverableLink;
import org.sipdispatch.store.StoreSamples.Kind;

/** A journal in a real database, as an actor system with our configuration uses it. */
class JournalTest {
    /** For commands that may get no reply. A write to a database that is away fails after 2 s, before that. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    /** Adds a text; the reply holds all texts. */
    private record Add(String text, ActorRef<String> replyTo) {}

    /** Persists texts. */
    private static final class Notebook extends EventSourcedBehavior<Add, String, String> {
        private Notebook(String id) {
            super(
                    PersistenceId.ofUniqueId(id),
                    SupervisorStrategy.restartWithBackoff(Duration.ofMillis(100), Duration.ofMillis(500), 0));
        }

        @Override
        public String emptyState() {
            return "";
        }

        @Override
        public CommandHandler<Add, String, String> commandHandler() {
            return (texts, add) -> Effect().persist(add.text).thenReply(add.replyTo, now -> now);
        }

        @Override
        public EventHandler<String, String> eventHandler() {
            return (texts, text) -> texts + text;
        }

        @Override
        public RetentionCriteria retentionCriteria() {
            return RetentionCriteria.snapshotEvery(3, 2).withDeleteEventsOnSnapshot();
        }
    }

    private static ActorSystem<Add> start(Store store, String id) {
        return ActorSystem.create(
                new Notebook(id), "journal", store.persistence().withFallback(ConfigFactory.load()));
    }

    private static String add(ActorSystem<Add> notebook, String text) throws Exception {
        return add(notebook, text, Duration.ofSeconds(30));
    }

    private static String add(ActorSystem<Add> notebook, String text, Duration patience) throws Exception {
        return AskPattern.<Add, String>ask(notebook, replyTo -> new Add(text, replyTo), patience, notebook.scheduler())
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    private static void end(ActorSystem<Add> notebook) throws Exception {
        notebook.terminate();
        notebook.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void whatWasPersistedIsThereAfterARestart(Kind kind) throws Exception {
        StoreSettings settings = kind.settings("journal");
        String large = "x".repeat(100_000);
        try (Store store = Store.open(settings)) {
            assertThat(store.prepare()).isTrue();
            ActorSystem<Add> notebook = start(store, "one");
            for (int i = 0; i < 10; i++) {
                add(notebook, i + ",");
            }
            assertThat(add(notebook, large)).startsWith("0,1,2,").endsWith(large);
            // The oldest snapshots and the events before them are deleted.
            await().untilAsserted(() -> {
                assertThat(count(settings, "snapshot")).isBetween(1, 3);
                assertThat(count(settings, "event_journal")).isLessThan(11);
            });
            end(notebook);

            notebook = start(store, "one");
            ActorSystem<Add> another = start(store, "ONE");

            assertThat(add(notebook, "!")).isEqualTo("0,1,2,3,4,5,6,7,8,9," + large + "!");
            assertThat(add(another, "!")).isEqualTo("!");
            end(notebook);
            end(another);
        }
    }

    private static int count(StoreSettings settings, String table) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(settings.database().url());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            result.next();
            return result.getInt(1);
        }
    }

    @Test
    void withPostgresAwayPersistingFailsAndThenGoesOn() throws Exception {
        EmbeddedPostgres.jdbcUrl("outage");

        assertGoesOn(EmbeddedPostgres.port(), "jdbc:postgresql://127.0.0.1:%d/outage?user=postgres&password=postgres");
    }

    @Test
    void withMariaDbAwayPersistingFailsAndThenGoesOn() throws Exception {
        assertGoesOn(
                EmbeddedMariaDb.port(),
                "jdbc:mariadb://127.0.0.1:%d/outage?user=sip&password=sip&createDatabaseIfNotExist=true");
    }

    private static void assertGoesOn(int port, String url) throws Exception {
        try (SeverableLink link = new SeverableLink(port);
                Store store = Store.open(StoreSamples.settings(url.formatted(link.port())))) {
            assertThat(store.prepare()).isTrue();
            ActorSystem<Add> notebook = start(store, "outage");
            add(notebook, "before,");

            link.cut();
            assertThatThrownBy(() -> add(notebook, "lost,", SHORT)).isNotNull();
            link.mend();

            // The actor stops after each failed write; a command to a stopping actor gets no reply.
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(add(notebook, "after", SHORT))
                            .startsWith("before,")
                            .endsWith("after"));
            end(notebook);
        }
    }

    @Test
    void aSystemStartsWhileItsDatabaseIsAway() throws Exception {
        EmbeddedPostgres.jdbcUrl("absent");
        try (SeverableLink link = new SeverableLink(EmbeddedPostgres.port());
                Store store = Store.open(StoreSamples.settings(
                        "jdbc:postgresql://127.0.0.1:" + link.port() + "/absent?user=postgres&password=postgres"))) {
            link.cut();
            ActorSystem<Add> notebook = start(store, "absent");
            assertThat(store.prepare()).isFalse();
            link.mend();

            await().until(store::prepare);
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(add(notebook, "a", SHORT)).endsWith("a"));
            end(notebook);
        }
    }
}
