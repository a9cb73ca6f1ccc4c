package org.sipdispatch.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.sipdispatch.definitions.FakeSource.row;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.catalog.Catalog;
import org.sipdispatch.catalog.CatalogSettings;
import org.sipdispatch.catalog.CatalogSnapshot;
import org.sipdispatch.catalog.OtherSourceException;
import org.sipdispatch.catalog.SourceContent;
import org.sipdispatch.catalog.WatchedSource;
import org.sipdispatch.database.SqlScript;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.FakeMembership;
import org.sipdispatch.replication.SourceState;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

class SourceWatchActorTest {
    private static final Duration SILENCE = Duration.ofMillis(20);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final CatalogSnapshot ROWS = new CatalogSnapshot(List.of(row("a", "sip:a1")), List.of(), List.of());
    private static final String BAD = "a.list line 3: weight: x (expected: a number)";

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(kit.system());
    private final TestProbe<CatalogActor.Command> catalog = kit.createTestProbe();
    private final TestProbe<SourceState> states = kit.createTestProbe();
    private final TestProbe<CatalogActor.Command> documents = kit.createTestProbe();
    private final FakeMembership membership = new FakeMembership();
    private final AtomicInteger reads = new AtomicInteger();
    private ActorRef<SourceWatchActor.Command> watch;
    private volatile SourceContent content = content("1", ROWS);

    @BeforeEach
    void watch() {
        // Runs the reads on the actor's own thread.
        watch = kit.spawn(SourceWatchActor.create(
                new WatchedSource("a", "/etc/a.list", INTERVAL, this::read),
                new SourceWatchActor.Setup(
                        (partition, state) -> states.getRef().tell(state),
                        membership,
                        Runnable::run,
                        CatalogOrder.ApplyRows.sentTo(catalog.getRef()))));
        assertThat(states.receiveMessage().error()).isEmpty();
        await().until(() -> reads.get() == 1);
    }

    private SourceContent read() {
        SourceContent now = content;
        reads.incrementAndGet();
        return now;
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private static SourceContent content(String fingerprint, CatalogSnapshot rows) {
        return new SourceContent(fingerprint, false, () -> rows);
    }

    private void looks(int many) {
        for (int i = 0; i < many; i++) {
            int before = reads.get();
            time.timePasses(INTERVAL);
            await().until(() -> reads.get() > before);
        }
        catalog.expectNoMessage(SILENCE);
    }

    private CatalogOrder.ApplyRows change() {
        time.timePasses(INTERVAL);
        return catalog.expectMessageClass(CatalogOrder.ApplyRows.class);
    }

    @Test
    void whatTheSourceHasFirstIsNotApplied() {
        looks(3);
    }

    @Test
    void aChangeAppliesWhenItIsTheSameAtTwoLooks() {
        content = content("2", ROWS);
        looks(1);

        CatalogOrder.ApplyRows change = change();
        change.replyTo().tell(new ReloadOutcome(2, List.of(), List.of(), ""));

        assertThat(change.partition()).isEqualTo("a");
        assertThat(change.rows()).isEqualTo(ROWS);
        assertThat(states.receiveMessage().appliedMs()).isPositive();
        looks(2);
    }

    @Test
    void aFileThatIsStillBeingWrittenDoesNotApply() {
        for (int i = 2; i < 8; i++) {
            content = content(String.valueOf(i), ROWS);
            looks(1);
        }
    }

    @Test
    void aBrokenChangeIsRefusedOnceWithItsLineAndShownUntilItIsMended() {
        content = content("2", new CatalogSnapshot(ROWS.entries(), List.of(BAD), List.of(BAD)));
        looks(4);

        SourceState refused = states.receiveMessage();
        assertThat(refused.refusals()).isEqualTo(1);
        assertThat(refused.error()).contains(BAD);
        states.expectNoMessage(SILENCE);

        content = content("1", ROWS);
        looks(2);
        SourceState restored = states.receiveMessage();
        assertThat(restored.error()).isEmpty();
        assertThat(restored.refusals()).isEqualTo(1);
    }

    @Test
    void anEmptyFileIsRefused() {
        content = content("2", CatalogSnapshot.NOTHING);
        looks(2);

        assertThat(states.receiveMessage().error()).startsWith("rows: none that can be used");
    }

    @Test
    void aFileThatIsGoneIsRefusedAndAppliesWhenItIsBack() {
        content = new SourceContent("2", false, () -> {
            throw new SettingException("db_url", "/etc/a.list", "a file that can be read");
        });
        looks(2);
        assertThat(states.receiveMessage().error()).startsWith("db_url: /etc/a.list");

        content = content("3", ROWS);
        looks(1);
        assertThat(change().rows()).isEqualTo(ROWS);
    }

    @Test
    void whatTheCatalogDoesNotApplyIsTriedAgain() {
        content = content("2", ROWS);
        looks(1);
        change().replyTo().tell(ReloadOutcome.refused(1, "try again"));

        assertThat(states.receiveMessage().error()).isEqualTo("try again");
        change().replyTo().tell(new ReloadOutcome(2, List.of(), List.of(), ""));
        assertThat(states.receiveMessage().error()).isEmpty();
    }

    @Test
    void aNodeThatMayNotDecideDoesNotLook() {
        membership.current = false;
        content = content("2", ROWS);
        time.timePasses(INTERVAL.multipliedBy(3));
        await().until(() -> membership.asked.get() == 3);
        assertThat(reads).hasValue(1);

        membership.current = true;
        looks(1);
        assertThat(change().rows()).isEqualTo(ROWS);
    }

    @Test
    void aContentThatIsCertainlyWholeAppliesAtOnce() {
        content = new SourceContent("2", true, () -> ROWS);

        assertThat(change().rows()).isEqualTo(ROWS);
    }

    @Test
    void aDocumentThatIsLoadedAtTheStartHasNotChanged() {
        content = new SourceContent("2", true, () -> ROWS);
        kit.spawn(SourceWatchActor.create(
                new WatchedSource("a", "http://a/", INTERVAL, this::read),
                new SourceWatchActor.Setup(
                        (partition, state) -> states.getRef().tell(state),
                        membership,
                        Runnable::run,
                        CatalogOrder.ApplyRows.sentTo(documents.getRef()))));
        assertThat(states.receiveMessage().place()).isEqualTo("http://a/");
        time.timePasses(INTERVAL);
        CatalogOrder.ApplyRows first = documents.expectMessageClass(CatalogOrder.ApplyRows.class);

        first.replyTo().tell(new ReloadOutcome(1, List.of(), List.of(), ""));
        states.expectNoMessage(SILENCE);

        content = new SourceContent("3", true, () -> ROWS);
        time.timePasses(INTERVAL);
        CatalogOrder.ApplyRows second = documents.expectMessageClass(CatalogOrder.ApplyRows.class);
        second.replyTo().tell(new ReloadOutcome(2, List.of("+ a:1:sip:a1"), List.of(), ""));
        assertThat(states.receiveMessage().appliedMs()).isPositive();
    }

    /** A list with a table beside it, which is away at first. */
    @Test
    void whatCannotApplyBecauseOfAnotherSourceIsTriedAgainAndNotRefused(@TempDir Path directory) throws Exception {
        Path list = Files.writeString(directory.resolve("a.list"), "1 sip:a\n");
        String url = "jdbc:h2:mem:watch-" + directory.getFileName() + ";DB_CLOSE_DELAY=-1";
        String settings = "partitions.a { sources = [ { db_url = \"file:" + list + "\" }, { db_url = \"" + url
                + "\" } ], watch = on }";
        CatalogSettings partitions = CatalogSettings.from(
                Section.root(ConfigFactory.parseString(settings)).section("partitions"), "a");
        run(url, Files.readString(Path.of("conf/sample.sql")));
        try (Catalog real = Catalog.open(partitions, socket -> true)) {
            content = real.watched().get(0).content().get();
            looks(1);
            Files.writeString(list, "1 sip:new\n");
            run(url, "ALTER TABLE dispatcher RENAME TO away;");
            content = real.watched().get(0).content().get();
            looks(3);
            SourceState waiting = states.receiveMessage();
            assertThat(waiting.error()).startsWith("partitions.a.sources[1].table_name: dispatcher (expected: a table");
            assertThat(waiting.refusals()).isZero();
            states.expectNoMessage(SILENCE);

            run(url, "ALTER TABLE away RENAME TO dispatcher;");

            assertThat(change().rows().entries()).extracting(Definition::id).contains("a:1:sip:new");
        }
    }

    private static void run(String url, String script) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            SqlScript.run(connection, script);
        }
    }

    @Test
    void theErrorEndsWhenWhatIsLoadedIsBackBeforeTheOtherSource() {
        content = new SourceContent("2", false, () -> {
            throw new OtherSourceException(BAD);
        });
        looks(2);
        assertThat(states.receiveMessage().error()).endsWith(BAD);

        content = content("1", ROWS);
        looks(2);
        assertThat(states.receiveMessage().error()).isEmpty();
    }

    /** With skipped rows, or an empty list. */
    @Test
    void whatWasLoadedBeforeAppliesAgainAfterAnOrderHasLoadedARefusedContent() {
        content = content("2", new CatalogSnapshot(ROWS.entries(), List.of(BAD), List.of(BAD)));
        looks(2);
        assertThat(states.receiveMessage().error()).contains(BAD);
        watch.tell(SourceWatchActor.LoadedByOther.INSTANCE);
        looks(3);

        content = content("1", ROWS);
        looks(1);
        change().replyTo().tell(new ReloadOutcome(2, List.of(), List.of(), ""));
        assertThat(states.receiveMessage().error()).isEmpty();
    }

    @Test
    void anUnchangedContentAfterAnOrderIsNoChange() {
        watch.tell(SourceWatchActor.LoadedByOther.INSTANCE);
        change().replyTo().tell(new ReloadOutcome(2, List.of(), List.of(), ""));
        looks(2);
        states.expectNoMessage(SILENCE);
    }
}
