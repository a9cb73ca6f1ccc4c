package org.sipdispatch.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.sipdispatch.definitions.FakeSource.row;
import static org.sipdispatch.definitions.FakeSource.temporary;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.catalog.CatalogSnapshot;
import org.sipdispatch.catalog.SourceContent;
import org.sipdispatch.catalog.StateWrite;
import org.sipdispatch.catalog.WatchedSource;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.FakeMembership;
import org.sipdispatch.destination.Removal;
import org.sipdispatch.destination.Status;
import org.sipdispatch.replication.Definitions;
import org.sipdispatch.replication.DefinitionsCodec;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.ReplicaListenerActor;
import org.sipdispatch.replication.Samples;
import org.sipdispatch.sets.Destination;

/** The catalog actor in a cluster of one node. */
class CatalogActorTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SILENCE = Duration.ofMillis(200);
    private static final long NODE = 5;

    private final ActorTestKit kit = ActorTestKit.create(
            "catalog",
            ConfigFactory.parseString("akka.loglevel = WARNING, akka.cluster.downing-provider-class = \"\"")
                    .withFallback(ConfigFactory.load().getConfig("sip-dispatcher.cluster-system")));
    private final ExecutorService blocking = Executors.newCachedThreadPool();
    private final ActorRef<Replicator.Command> replicator =
            DistributedData.get(kit.system()).replicator();
    private final FakeSource source = new FakeSource();
    private final FakeMembership membership = new FakeMembership();
    private final TestProbe<ReloadOutcome> outcomes = kit.createTestProbe();
    /** What a majority knows, perhaps not this node; null if no majority answers. */
    private volatile Map<String, Status> newest = Map.of();

    private volatile DestinationsSnapshot known = DestinationsSnapshot.of(0, List.of());

    @BeforeEach
    void join() {
        Cluster cluster = Cluster.get(kit.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> cluster.selfMember().status().toString().equals("Up"));
        source.rows = List.of(row("a", "sip:a1"), row("b", "sip:b1"), row("a", "sip:a2"));
    }

    @AfterEach
    void stop() {
        source.loading.release(1000);
        blocking.shutdown();
        kit.shutdownTestKit();
    }

    private ActorRef<CatalogActor.Command> start(ActorRef<Replicator.Command> data) {
        return kit.spawn(CatalogActor.create(new CatalogActor.Setup(
                source,
                () -> known,
                () -> newest == null
                        ? CompletableFuture.failedFuture(new CompletionException(new TimeoutException("none")))
                        : CompletableFuture.completedFuture(newest),
                data,
                NODE,
                membership,
                blocking,
                Duration.ofMillis(50),
                Duration.ofHours(1))));
    }

    /** A replicator whose majority reads time out. */
    private ActorRef<Replicator.Command> silent(boolean tellsChanges) {
        return kit.spawn(Behaviors.receiveMessage(message -> {
            if (message instanceof Replicator.Get<?> get) {
                kit.scheduler()
                        .scheduleOnce(SILENCE, () -> fail(get), kit.system().executionContext());
            } else if (tellsChanges || !(message instanceof Replicator.Subscribe<?>)) {
                replicator.tell(message);
            }
            return Behaviors.same();
        }));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void fail(Replicator.Get get) {
        get.replyTo().tell(new Replicator.GetFailure(get.key()));
    }

    private void reload(ActorRef<CatalogActor.Command> catalog, String partition, boolean dryRun) {
        catalog.tell(new CatalogOrder.Reload(partition, dryRun, false, false, "ann", outcomes.getRef()));
    }

    private ReloadOutcome outcome() {
        return outcomes.receiveMessage(LONG);
    }

    private Definitions defined() {
        Replicator.GetResponse<Definitions> answer =
                AskPattern.<Replicator.Command, Replicator.GetResponse<Definitions>>ask(
                                replicator,
                                replyTo -> new Replicator.Get<>(
                                        ReplicaListenerActor.DEFINITIONS, Replicator.readLocal(), replyTo),
                                LONG,
                                kit.scheduler())
                        .toCompletableFuture()
                        .join();
        return answer instanceof Replicator.GetSuccess<Definitions> found
                ? found.get(ReplicaListenerActor.DEFINITIONS)
                : Definitions.NONE;
    }

    private List<String> uris() {
        return defined().all().stream()
                .map(definition -> definition.destination().uri())
                .toList();
    }

    private void awaitRevision(long revision) {
        await().atMost(LONG).until(() -> defined().revision() == revision);
    }

    private void define(long revision, Definition... rows) {
        define(new Definitions(revision, 9, DefinitionsCodec.pack(List.of(rows))));
    }

    private void define(Definitions theirs) {
        replicator.tell(new Replicator.Update<>(
                ReplicaListenerActor.DEFINITIONS,
                Definitions.NONE,
                Replicator.writeLocal(),
                kit.system().ignoreRef(),
                known -> known.mergeData(theirs)));
        awaitRevision(theirs.revision());
    }

    private void reloadWithTicket(ActorRef<CatalogActor.Command> catalog, boolean granted) {
        ActorRef<DestinationActor.MayExecute> giver = kit.spawn(Behaviors.receiveMessage(question -> {
            question.replyTo().tell(new DestinationActor.Permission(question.order(), granted));
            return Behaviors.same();
        }));
        catalog.tell(new CatalogOrder.Ticketed(
                new DestinationActor.Ticket("5-1", giver),
                new CatalogOrder.Reload("", false, false, false, "ann", outcomes.getRef())));
    }

    @Test
    void anOrderIsCarriedOutWhileItsOperatorWaits() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);
        source.rows = List.of(row("a", "sip:a9"));

        reloadWithTicket(catalog, true);

        assertThat(outcome().error()).isEmpty();
        assertThat(uris()).containsExactly("sip:a9");
    }

    @Test
    void anOrderThatNobodyWaitsForChangesNothing() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);
        source.rows = List.of(row("a", "sip:a9"));

        reloadWithTicket(catalog, false);

        reload(catalog, "", true);
        assertThat(outcome().changes()).isNotEmpty();
        assertThat(uris()).containsExactly("sip:a1", "sip:b1", "sip:a2");
    }

    @Test
    void aNewClusterReadsAtOnceAndAReloadThatFailsChangesNothing() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);
        assertThat(uris()).containsExactly("sip:a1", "sip:b1", "sip:a2");

        source.away = true;
        reload(catalog, "", false);
        assertThat(outcome().error()).isEqualTo("db_url: fake (expected: a database that answers)");
        assertThat(defined().revision()).isEqualTo(1);

        source.away = false;
        source.rows = List.of(row("a", "sip:a1"));
        reload(catalog, "", true);
        assertThat(outcome().changes()).containsExactly("- b:1:sip:b1", "- a:1:sip:a2");
        assertThat(defined().revision()).isEqualTo(1);

        reload(catalog, "", false);
        assertThat(outcome().revision()).isEqualTo(2);
        assertThat(uris()).containsExactly("sip:a1");
    }

    @Test
    void aChangeOfAWatchedSourceAppliesToItsPartitionOnly() {
        AtomicReference<SourceContent> content = new AtomicReference<>(
                new SourceContent("1", true, () -> new CatalogSnapshot(source.rows, List.of(), List.of())));
        source.watched = List.of(new WatchedSource("a", "a.list", Duration.ofMillis(20), content::get));
        start(replicator);
        await().atMost(LONG).until(() -> defined().isLoaded());

        content.set(new SourceContent(
                "2", true, () -> new CatalogSnapshot(List.of(row("a", "sip:a9")), List.of(), List.of())));

        await().atMost(LONG).untilAsserted(() -> assertThat(uris()).containsExactly("sip:a9", "sip:b1"));
    }

    /** The file has the rows of the start again, after an order has loaded others. */
    @Test
    void aWatchedContentAppliesAlsoAfterAnOrderHasLoadedOthers() {
        CatalogSnapshot before = new CatalogSnapshot(List.of(row("a", "sip:a1")), List.of(), List.of());
        source.watched = List.of(new WatchedSource(
                "a", "a.list", Duration.ofMillis(20), () -> new SourceContent("1", false, () -> before)));
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        await().atMost(LONG).until(() -> defined().isLoaded());
        source.rows = List.of(row("a", "sip:a8"), row("b", "sip:b8"));

        reload(catalog, "a", false);
        assertThat(outcome().changes()).contains("+ a:1:sip:a8");

        await().atMost(LONG).untilAsserted(() -> assertThat(uris()).containsExactly("sip:a1", "sip:b1"));
        source.rows = List.of(row("a", "sip:a9"), row("b", "sip:b9"));
        reload(catalog, "", false);
        assertThat(outcome().changes()).contains("+ a:1:sip:a9");
        await().atMost(LONG).untilAsserted(() -> assertThat(uris()).containsExactly("sip:a1", "sip:b9"));
    }

    @Test
    void aRowIsWrittenBeforeItsPartitionIsReadAndARefusedOneChangesNothing() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);

        catalog.tell(new CatalogOrder.PutRow(row("b", "sip:b2"), List.of(), "ann", outcomes.getRef()));
        assertThat(outcome().changes()).containsExactly("+ b:1:sip:b2");
        assertThat(source.loads).last().isEqualTo("b");
        catalog.tell(new CatalogOrder.RemoveRow(row("b", "sip:b1").destination(), "ann", outcomes.getRef()));
        assertThat(outcome().changes()).containsExactly("- b:1:sip:b1");

        source.away = true;
        catalog.tell(new CatalogOrder.PutRow(row("b", "sip:b3"), List.of(), "ann", outcomes.getRef()));
        assertThat(outcome().error()).startsWith("db_url: fake");
        assertThat(uris()).containsExactly("sip:a1", "sip:b2", "sip:a2");
    }

    @Test
    void aRowThatCannotBeUsedRefusesTheWholeUnlessItIsToBeSkipped() {
        source.rows = List.of(row("a", "sip:a1"), row("a", "sip:a2"));
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);
        source.rows = List.of(row("a", "sip:a1"));
        source.skipped = List.of("dispatcher id 2: weight: x (expected: a number)");

        reload(catalog, "", true);
        ReloadOutcome dry = outcome();
        assertThat(dry.changes()).containsExactly("- a:1:sip:a2");
        assertThat(dry.error()).startsWith("rows: 1 that cannot be used").endsWith(source.skipped.get(0));

        reload(catalog, "", false);
        assertThat(outcome().error()).contains("dispatcher id 2: weight: x");
        assertThat(uris()).containsExactly("sip:a1", "sip:a2");

        catalog.tell(new CatalogOrder.Reload("", false, false, true, "ann", outcomes.getRef()));
        ReloadOutcome skipped = outcome();
        assertThat(skipped.error()).isEmpty();
        assertThat(skipped.warnings()).isEqualTo(source.skipped);
        assertThat(uris()).containsExactly("sip:a1");
    }

    @Test
    void whoTakesOverGoesOnWithWhatIsKnownAndReadsNothing() {
        define(7, row("a", "sip:old"));
        ActorRef<CatalogActor.Command> catalog = start(replicator);

        reload(catalog, "b", false);

        assertThat(outcome()).isEqualTo(new ReloadOutcome(8, List.of("+ b:1:sip:b1"), List.of(), ""));
        assertThat(source.loads).containsExactly("b");
        assertThat(uris()).containsExactly("sip:old", "sip:b1");
    }

    @Test
    void whereTheOthersAreSilentWhatThisNodeKnowsCounts() {
        define(7, row("a", "sip:old"));
        ActorRef<CatalogActor.Command> catalog = start(silent(true));

        reload(catalog, "b", false);

        assertThat(outcome().revision()).isEqualTo(8);
        assertThat(source.loads).containsExactly("b");
        assertThat(uris()).containsExactly("sip:old", "sip:b1");
    }

    @Test
    void aReloadIsNewerThanWhatTheReaderDidNotReceive() {
        define(7, row("a", "sip:old"));
        ActorRef<CatalogActor.Command> catalog = start(silent(false));
        awaitRevision(8);

        source.rows = List.of(row("a", "sip:new"));
        define(20, row("a", "sip:other"));
        reload(catalog, "", false);

        assertThat(outcome().revision()).isEqualTo(21);
        assertThat(uris()).containsExactly("sip:new");
    }

    @Test
    void aReloadOfOnePartitionBeforeTheFirstLoadReadsAll() {
        source.away = true;
        source.loading.drainPermits();
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        await().atMost(LONG).until(() -> source.loads.size() == 1);
        reload(catalog, "b", false);
        source.loading.release(1);
        await().atMost(LONG).until(() -> source.loads.size() == 2);

        source.away = false;
        source.loading.release(1000);

        assertThat(outcome().revision()).isEqualTo(1);
        assertThat(uris()).containsExactly("sip:a1", "sip:b1", "sip:a2");
        assertThat(source.loads).startsWith("", "").doesNotContain("b");
    }

    @Test
    void theFirstLoadIsTriedAgainWhateverComesBetween() {
        source.away = true;
        source.loading.drainPermits();
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        await().atMost(LONG).until(() -> source.loads.size() == 1);
        reload(catalog, "", true);
        reload(catalog, "", false);
        source.loading.release(3);
        assertThat(outcome().error()).contains("a database that answers");
        assertThat(outcome().error()).contains("a database that answers");

        source.away = false;
        source.loading.release(1000);

        awaitRevision(1);
    }

    @Test
    void aClusterFoundedWhileTheTableIsAwayBeginsWithWhatItsFounderKnew() {
        List<Definition> old =
                new Definitions(41, 3, DefinitionsCodec.pack(List.of(row("a", "sip:a1"), row("b", "sip:gone")))).all();
        known = DestinationsSnapshot.of(
                41,
                old.stream()
                        .map(row -> new DestinationsSnapshot.KnownDestination(row, null))
                        .toList());
        source.away = true;
        start(replicator);
        awaitRevision(1);
        assertThat(uris()).containsExactly("sip:a1", "sip:gone");

        source.away = false;

        awaitRevision(2);
        assertThat(uris()).containsExactly("sip:a1", "sip:b1", "sip:a2");
    }

    private ReloadOutcome add(ActorRef<CatalogActor.Command> catalog, Definition temporary) {
        catalog.tell(new CatalogOrder.AddTemporary(temporary, "ann", outcomes.getRef()));
        return outcome();
    }

    @Test
    void temporaryOnesAreAddedAndTakenBack() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);

        assertThat(add(catalog, temporary("a", "sip:t", 1)))
                .isEqualTo(new ReloadOutcome(2, List.of("+ a:1:sip:t"), List.of(), ""));
        assertThat(uris()).containsExactly("sip:a1", "sip:b1", "sip:a2", "sip:t");

        catalog.tell(new CatalogOrder.RemoveTemporary("a:1:sip:t", "ann", outcomes.getRef()));
        assertThat(outcome().changes()).containsExactly("- a:1:sip:t");
        assertThat(uris()).containsExactly("sip:a1", "sip:b1", "sip:a2");
        assertThat(source.loads).hasSize(1);
    }

    @Test
    void whatDoesNotFitIsRefusedAndChangesNothing() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);

        assertThat(add(catalog, temporary("a", "sip:a1", 1)).error())
                .isEqualTo("destination: a:1:sip:a1 (expected: one that is in no table or list)");
        assertThat(add(catalog, temporary("z", "sip:a1", 1)).error()).isEqualTo("partition: z (expected: one of a, b)");
        assertThat(add(catalog, temporary("a", "sip:t", 70_000)).error()).isEqualTo("weight: 70000; and more");
        catalog.tell(new CatalogOrder.RemoveTemporary("a:1:sip:a1", "ann", outcomes.getRef()));
        assertThat(outcome().error())
                .isEqualTo("destination: a:1:sip:a1 (expected: a temporary one; this one is in a table or list)");
        catalog.tell(new CatalogOrder.PushAttrs(List.of("a:1:sip:q"), "x", "ann", outcomes.getRef()));
        assertThat(outcome().error()).isEqualTo("destination: a:1:sip:q (expected: one that is defined)");
        assertThat(defined().revision()).isEqualTo(1);
    }

    @Test
    void temporaryOnesAndPushedAttributesOutliveAReload() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);
        add(catalog, temporary("a", "sip:t", 1));
        catalog.tell(new CatalogOrder.PushAttrs(List.of("a:1:sip:a1"), "free=3", "ann", outcomes.getRef()));
        assertThat(outcome().changes()).containsExactly("~ a:1:sip:a1 script attrs: nothing -> free=3");

        reload(catalog, "", false);

        assertThat(outcome()).isEqualTo(new ReloadOutcome(4, List.of(), List.of(), ""));
        assertThat(uris()).containsExactly("sip:a1", "sip:b1", "sip:a2", "sip:t");
        assertThat(defined().all().get(0).scriptAttrs()).isEqualTo("free=3");

        catalog.tell(new CatalogOrder.Reload("", false, true, false, "ann", outcomes.getRef()));
        assertThat(outcome().changes()).containsExactly("- a:1:sip:t");
    }

    @Test
    void withTheTableAwayTemporaryOnesAreAddedAndTheFirstLoadComesLater() {
        source.away = true;
        ActorRef<CatalogActor.Command> catalog = start(replicator);

        assertThat(add(catalog, temporary("a", "sip:t", 1)).revision()).isEqualTo(1);
        assertThat(uris()).containsExactly("sip:t");
        source.away = false;

        awaitRevision(2);
        assertThat(uris()).containsExactly("sip:a1", "sip:b1", "sip:a2", "sip:t");
    }

    @Test
    void whoTakesOverBeforeAnythingWasReadReads() {
        Definitions theirs = new Definitions(3, 9, DefinitionsCodec.pack(List.of(temporary("b", "sip:t", 1)), false));
        define(theirs);

        start(replicator);

        awaitRevision(4);
        assertThat(uris()).containsExactly("sip:a1", "sip:b1", "sip:t", "sip:a2");
    }

    @Test
    void aChangeIsMadeToTheNewestThatTheReplicatorKnows() {
        ActorRef<CatalogActor.Command> catalog = start(silent(false));
        awaitRevision(1);
        define(20, row("a", "sip:other"));

        assertThat(add(catalog, temporary("a", "sip:t", 1)).revision()).isEqualTo(21);
        assertThat(uris()).containsExactly("sip:other", "sip:t");
    }

    @Test
    void whoStopsTurnsAwayWhoWaitsAndWritesStatesBack() {
        source.loading.drainPermits();
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        await().atMost(LONG).until(() -> source.loads.size() == 1);
        known = DestinationsSnapshot.of(
                1, List.of(new DestinationsSnapshot.KnownDestination(row("a", "sip:a1"), Samples.status(1, 0, true))));
        reload(catalog, "", false);

        catalog.tell(CatalogActor.Stop.INSTANCE);

        assertThat(outcome().error()).contains("try again");
        outcomes.expectTerminated(catalog, LONG);
        assertThat(source.writes).hasSize(1);
    }

    @Test
    void whoHasReadTheRowsWritesOnlyStatesThatDifferFromThem() {
        known = DestinationsSnapshot.of(
                1,
                List.of(
                        new DestinationsSnapshot.KnownDestination(row("a", "sip:a1"), Samples.status(1, 0, false)),
                        new DestinationsSnapshot.KnownDestination(row("b", "sip:b1"), Samples.status(1, 0, true))));
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);

        catalog.tell(CatalogActor.Stop.INSTANCE);

        outcomes.expectTerminated(catalog, LONG);
        assertThat(writtenUris()).containsExactly("sip:b1");
    }

    @Test
    void whoContinuesWithTheRowsOfAnotherNodeWritesAllStates() {
        define(7, row("a", "sip:a1"));
        known = DestinationsSnapshot.of(
                7, List.of(new DestinationsSnapshot.KnownDestination(row("a", "sip:a1"), Samples.status(1, 0, false))));
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        reload(catalog, "b", false);
        outcome();

        catalog.tell(CatalogActor.Stop.INSTANCE);

        outcomes.expectTerminated(catalog, LONG);
        assertThat(writtenUris()).containsExactly("sip:a1");
    }

    private List<String> writtenUris() {
        return source.writes.stream()
                .flatMap(Collection::stream)
                .map(write -> write.destination().uri())
                .toList();
    }

    @Test
    void aDefectDoesNotEndTheReader() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);
        // The replicas may have the definitions before the actor has ended the first load.
        reload(catalog, "", false);
        assertThat(outcome().changes()).isEmpty();
        source.faulty = true;
        catalog.tell(new CatalogOrder.AddTemporary(temporary("a", "sip:t", 1), "ann", outcomes.getRef()));
        source.rows = List.of(row("a", "sip:a1"));

        reload(catalog, "", false);

        assertThat(outcome().changes()).containsExactly("- b:1:sip:b1", "- a:1:sip:a2");
        assertThat(defined().removals()).containsExactly(new Removal(3, "ann", "reload"));
    }

    @Test
    void ordersThatWaitWhenADefectRestartsTheReaderAreRefusedAtOnce() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);
        source.loading.drainPermits();
        reload(catalog, "", false);
        await().atMost(LONG).until(() -> source.loads.size() == 2);
        source.faulty = true;
        catalog.tell(new CatalogOrder.AddTemporary(temporary("a", "sip:t", 1), "ann", outcomes.getRef()));
        reload(catalog, "", false);

        source.loading.release(1000);

        assertThat(outcome().error()).isEmpty();
        assertThat(outcome().error()).isEqualTo(CatalogChange.RESTARTED);
        assertThat(source.loads).hasSize(2);
    }

    @Test
    void whereTheDataDoesNotAnswerItIsNotKnownWhetherAChangeWasMade() {
        ActorRef<CatalogActor.Command> catalog = start(kit.spawn(Behaviors.receiveMessage(message -> {
            if (!(message instanceof Replicator.Update<?>)) {
                replicator.tell(message);
            }
            return Behaviors.same();
        })));

        reload(catalog, "", false);

        assertThat(outcome().isUnknown()).isTrue();
    }

    @Test
    void aNodeThatMayNotDecideRefusesAnOrderAtOnceAndDoesNotExecuteItLater() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);
        membership.current = false;

        ReloadOutcome refused = add(catalog, temporary("a", "sip:t", 1));
        assertThat(refused.error())
                .isEqualTo("the node that reads the definitions does not reach a majority of the nodes now; try again");
        assertThat(refused.isUnknown()).isFalse();
        reload(catalog, "", false);
        assertThat(outcome().error()).isEqualTo(refused.error());
        assertThat(source.loads).hasSize(1);

        membership.current = true;
        assertThat(add(catalog, temporary("a", "sip:u", 1)).revision()).isEqualTo(2);
        assertThat(uris()).containsExactly("sip:a1", "sip:b1", "sip:a2", "sip:u");
    }

    @Test
    void anOrderThatWaitedBehindAnotherOneIsRefusedWhenTheNodeMayNotDecideAnyMore() {
        source.loading.drainPermits();
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        await().atMost(LONG).until(() -> source.loads.size() == 1);
        catalog.tell(new CatalogOrder.AddTemporary(temporary("a", "sip:t", 1), "ann", outcomes.getRef()));
        reload(catalog, "", true);
        await().atMost(LONG).until(() -> membership.asked.get() == 2);

        membership.current = false;
        source.loading.release(1000);

        assertThat(outcome().error()).contains("does not reach a majority");
        assertThat(outcome().error()).contains("does not reach a majority");
        assertThat(source.loads).hasSize(1);
        assertThat(uris()).doesNotContain("sip:t");
    }

    @Test
    void aReloadThatWasReadingWhenTheNodeStoodStillChangesNothing() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);
        source.loading.drainPermits();
        source.rows = List.of(row("a", "sip:a1"));
        reload(catalog, "", false);
        await().atMost(LONG).until(() -> source.loads.size() == 2);

        membership.current = false;
        source.loading.release(1000);

        assertThat(outcome().error()).contains("does not reach a majority");
        assertThat(defined().revision()).isEqualTo(1);
        assertThat(uris()).containsExactly("sip:a1", "sip:b1", "sip:a2");
    }

    /** Has a row written, and stops before its partition is read. */
    private void writeRow(ActorRef<CatalogActor.Command> catalog) {
        awaitRevision(1);
        source.loading.drainPermits();
        catalog.tell(new CatalogOrder.PutRow(row("b", "sip:b9"), List.of(), "ann", outcomes.getRef()));
        await().atMost(LONG).until(() -> source.loads.size() == 2);
        assertThat(source.rows).contains(row("b", "sip:b9"));
    }

    private void assertPartly(String why) {
        ReloadOutcome outcome = outcome();
        assertThat(outcome.isUnknown()).isTrue();
        assertThat(outcome.error())
                .startsWith("order: the table is changed, the definitions are not (expected: both")
                .contains(why);
        assertThat(uris()).doesNotContain("sip:b9");
    }

    @Test
    void aRowThatIsWrittenIsNotCalledRefusedIfTheNodeMayNotDecideAnyMore() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        writeRow(catalog);

        membership.current = false;
        source.loading.release(1000);

        assertPartly("does not reach a majority");
        membership.current = true;
        reload(catalog, "", false);
        assertThat(outcome().changes()).containsExactly("+ b:1:sip:b9");
    }

    @Test
    void aRowThatIsWrittenIsNotCalledRefusedIfItsPartitionCannotBeRead() {
        writeRow(start(replicator));

        source.away = true;
        source.loading.release(1000);

        assertPartly("db_url: fake");
    }

    @Test
    void aRowThatIsWrittenIsNotCalledRefusedIfTheReaderMovesToAnotherNode() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        writeRow(catalog);
        source.writing.drainPermits();
        known = probing("sip:a1");

        catalog.tell(CatalogActor.Stop.INSTANCE);
        await().atMost(LONG).until(() -> source.writes.size() == 1);
        source.loading.release(1000);

        assertPartly("is leaving the cluster");
        source.writing.release(1000);
    }

    @Test
    void aRowThatIsWrittenIsNotCalledRefusedIfTheDefinitionsBecomeTooLarge() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);
        StringBuilder attrs = new StringBuilder();
        new Random(1).ints(1_500_000, ' ', '~').forEach(letter -> attrs.append((char) letter));
        Destination large = new Destination("b", 1, "sip:b9", null, 1, 0, attrs.toString(), "");

        catalog.tell(new CatalogOrder.PutRow(
                new Definition(large, DestinationState.ACTIVE, false), List.of(), "ann", outcomes.getRef()));

        assertPartly("bytes when packed");
    }

    private static DestinationsSnapshot probing(String uri) {
        return DestinationsSnapshot.of(
                1, List.of(new DestinationsSnapshot.KnownDestination(row("a", uri), Samples.status(2, 0, true))));
    }

    private void reloadWithStatesOfRows(ActorRef<CatalogActor.Command> catalog, String partition) {
        catalog.tell(new CatalogOrder.ReloadWithStates(
                new CatalogOrder.Reload(partition, false, false, false, "ann", outcomes.getRef())));
    }

    @Test
    void whereTheStatesOfTheRowsApplyTheRowsGetTheNewestStatesBeforeTheyAreRead() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);
        known = DestinationsSnapshot.of(
                1, List.of(new DestinationsSnapshot.KnownDestination(row("a", "sip:a1"), Samples.status(1, 0, false))));
        // This node does not know yet what the others have confirmed.
        newest = Map.of("a:1:sip:a1", Samples.status(2, 0, true));
        source.onWrite = () -> assertThat(source.loads).hasSize(1);

        reload(catalog, "", false);
        assertThat(outcome().error()).isEmpty();
        assertThat(source.writes).isEmpty();
        source.loads.remove(1);
        reloadWithStatesOfRows(catalog, "");

        assertThat(outcome().error()).isEmpty();
        assertThat(source.writes).hasSize(1);
        assertThat(source.writes.get(0)).extracting(write -> write.state()).containsExactly(DestinationState.PROBING);
        assertThat(source.loads).hasSize(2);
    }

    /** A new row, whose state an operator changes before it is applied. The hold is confirmed before the first write. */
    @ParameterizedTest
    @ValueSource(strings = {"dry run", "refused", "not published"})
    void theStateOfARowThatWasReadButNotAppliedIsNotTakenForTheOneInTheTable(String why) {
        AtomicBoolean publishing = new AtomicBoolean(true);
        ActorRef<CatalogActor.Command> catalog = start(publishingIf(publishing::get));
        awaitRevision(1);
        Destination fresh = row("a", "sip:a9").destination();
        source.rows = List.of(new Definition(fresh, DestinationState.PROBING, false));
        source.skipped = why.equals("refused") ? List.of("dispatcher id 2: weight: x (expected: a number)") : List.of();
        publishing.set(!why.equals("not published"));
        reload(catalog, "", why.equals("dry run"));
        assertThat(outcome().error().isEmpty()).isEqualTo(why.equals("dry run"));
        assertThat(defined().revision()).isEqualTo(1);

        publishing.set(true);
        source.skipped = List.of();
        source.rows = List.of(new Definition(fresh, DestinationState.ACTIVE, false));
        reload(catalog, "", false);
        assertThat(outcome().changes()).contains("+ a:1:sip:a9");
        known = DestinationsSnapshot.of(
                2, List.of(new DestinationsSnapshot.KnownDestination(source.rows.get(0), Samples.status(1, 0, true))));
        reloadWithStatesOfRows(catalog, "");

        assertThat(outcome().error()).isEmpty();
        assertThat(source.writes).hasSize(1);
        assertThat(source.writes.get(0)).extracting(StateWrite::state).containsExactly(DestinationState.PROBING);
    }

    /** A replicator that applies no change while the condition is false. */
    private ActorRef<Replicator.Command> publishingIf(BooleanSupplier condition) {
        return kit.spawn(Behaviors.receiveMessage(message -> {
            if (message instanceof Replicator.Update<?> update && !condition.getAsBoolean()) {
                notApplied(update);
            } else {
                replicator.tell(message);
            }
            return Behaviors.same();
        }));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void notApplied(Replicator.Update update) {
        update.replyTo().tell(new Replicator.StoreFailure(update.key()));
    }

    @Test
    void whereTheStatesOfTheRowsApplyNothingIsReadFromATableThatDoesNotTakeTheNewestOnes() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);
        known = probing("sip:a1");
        source.away = true;

        reloadWithStatesOfRows(catalog, "a");

        ReloadOutcome refused = outcome();
        assertThat(refused.isUnknown()).isFalse();
        assertThat(refused.error())
                .startsWith("states: not all of them are in the table (expected: a table that takes the newest ones")
                .contains("1 are not written");
        assertThat(source.loads).hasSize(1);

        source.away = false;
        reloadWithStatesOfRows(catalog, "a");
        assertThat(outcome().error()).isEmpty();
    }

    @Test
    void whereTheStatesOfTheRowsApplyNothingIsReadWithoutAMajorityThatKnowsTheNewestOnes() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);
        newest = null;

        reloadWithStatesOfRows(catalog, "");

        assertThat(outcome().error()).startsWith("states: ").contains("no answer of a majority of the nodes");
        assertThat(source.loads).hasSize(1);
    }

    @Test
    void statesOfOtherPartitionsThatCannotBeWrittenDoNotMatter() {
        ActorRef<CatalogActor.Command> catalog = start(replicator);
        awaitRevision(1);
        known = probing("sip:a1");
        source.away = true;

        reloadWithStatesOfRows(catalog, "b");

        assertThat(outcome().error()).startsWith("db_url: fake");
        assertThat(source.loads).last().isEqualTo("b");
    }
}
