package org.sipdispatch.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.sipdispatch.catalog.CatalogDiff;
import org.sipdispatch.catalog.CatalogEntry;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.WireMessage;
import org.sipdispatch.settings.BadSetting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exactly one in the cluster: reads where destinations are written down, at the start and when told to, and makes
 * that known whole or not at all. Also writes states back into the table.
 */
final class CatalogActor extends AbstractBehavior<CatalogActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogActor.class);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration WRITE_BACK = Duration.ofSeconds(10);
    private static final Duration REPLICATION = Duration.ofSeconds(2);
    private static final Duration READ = Duration.ofSeconds(1);

    /** What it can be told. */
    sealed interface Command {}

    /**
     * Reads again, as {@code ds_reload}.
     *
     * @param partition the one to read; empty for all
     * @param dryRun only tells what would change
     */
    record Reload(String partition, boolean dryRun, String who, ActorRef<ReloadOutcome> replyTo)
            implements Command, WireMessage {}

    private record Found(Definitions definitions) implements Command {}

    private record Read(Source.Loaded loaded, Throwable trouble, Reload order) implements Command {}

    private record Written(Collection<Source.StateWrite> failed) implements Command {}

    private record Snapshot(Known known) implements Command {}

    private enum LoadAgain implements Command {
        INSTANCE
    }

    private enum WriteBack implements Command {
        INSTANCE
    }

    /** What it needs. {@code blocking} may wait for databases. */
    record Setup(Source source, ActorRef<ViewActor.Command> view, long nodeNumber, Executor blocking) {}

    static Behavior<Command> create(Setup setup) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new CatalogActor(context, timers, setup)));
    }

    private final TimerScheduler<Command> timers;
    private final Setup setup;
    private final ActorRef<Replicator.Command> replicator;
    private final StateWriteBack writeBack = new StateWriteBack();
    private final List<Reload> waiting = new ArrayList<>();
    private Definitions definitions = Definitions.NONE;
    private boolean reading;

    private CatalogActor(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
        super(context);
        this.timers = timers;
        this.setup = setup;
        replicator = DistributedData.get(context.getSystem()).replicator();
        reading = true;
        CompletionStage<Replicator.GetResponse<Definitions>> answer = AskPattern.ask(
                replicator,
                replyTo -> new Replicator.Get<>(ViewActor.DEFINITIONS, new Replicator.ReadMajority(READ), replyTo),
                READ.multipliedBy(2),
                context.getSystem().scheduler());
        context.pipeToSelf(answer, (known, late) -> new Found(definitions(known)));
        timers.startTimerWithFixedDelay(WriteBack.INSTANCE, WRITE_BACK);
    }

    private static Definitions definitions(Replicator.GetResponse<Definitions> answer) {
        return answer instanceof Replicator.GetSuccess<Definitions> found
                ? found.get(ViewActor.DEFINITIONS)
                : Definitions.NONE;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Found.class, this::onFound)
                .onMessage(Reload.class, this::onReload)
                .onMessage(Read.class, this::onRead)
                .onMessageEquals(LoadAgain.INSTANCE, this::onLoadAgain)
                .onMessageEquals(WriteBack.INSTANCE, this::onWriteBack)
                .onMessage(Snapshot.class, this::onSnapshot)
                .onMessage(Written.class, this::onWritten)
                .build();
    }

    /** Who takes over from another node goes on with what that one made known; only a new cluster reads at once. */
    private Behavior<Command> onFound(Found found) {
        reading = false;
        definitions = definitions.mergeData(found.definitions());
        if (definitions.revision() == 0) {
            read(null);
        } else {
            next();
        }
        return this;
    }

    private Behavior<Command> onReload(Reload order) {
        waiting.add(order);
        if (!reading) {
            next();
        }
        return this;
    }

    private Behavior<Command> onLoadAgain() {
        if (!reading && definitions.revision() == 0) {
            read(null);
        }
        return this;
    }

    private void next() {
        if (!waiting.isEmpty()) {
            read(waiting.remove(0));
        }
    }

    /** {@code order}: null for the first reading. */
    private void read(Reload order) {
        reading = true;
        String partition = order == null ? "" : order.partition();
        getContext()
                .pipeToSelf(
                        blocking(() -> setup.source().load(partition)),
                        (loaded, trouble) -> new Read(loaded, trouble, order));
    }

    private <T> CompletableFuture<T> blocking(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, setup.blocking());
    }

    private Behavior<Command> onRead(Read read) {
        reading = false;
        Reload order = read.order();
        if (read.trouble() != null) {
            refuse(order, read.trouble());
        } else {
            apply(order, read.loaded());
        }
        next();
        return this;
    }

    private void refuse(Reload order, Throwable trouble) {
        Throwable cause = trouble.getCause() == null ? trouble : trouble.getCause();
        String error = cause instanceof BadSetting ? cause.getMessage() : cause.toString();
        LOG.warn("nothing loaded: {}", error);
        if (order == null) {
            timers.startSingleTimer(LoadAgain.INSTANCE, RETRY);
        } else {
            order.replyTo().tell(new ReloadOutcome(definitions.revision(), List.of(), List.of(), error));
        }
    }

    private void apply(Reload order, Source.Loaded loaded) {
        List<Definition> all = new ArrayList<>(loaded.definitions());
        if (order != null && !order.partition().isEmpty()) {
            definitions.all().stream()
                    .filter(known -> !known.destination().partition().equals(order.partition()))
                    .forEach(all::add);
        }
        List<String> changes =
                CatalogDiff.between(entries(definitions.all()), entries(all)).lines();
        loaded.warnings().forEach(LOG::warn);
        if (order == null || !order.dryRun()) {
            publish(all);
            LOG.info(
                    "revision {} by {}: {} changes",
                    definitions.revision(),
                    order == null ? "start" : order.who(),
                    changes.size());
        }
        if (order != null) {
            order.replyTo().tell(new ReloadOutcome(definitions.revision(), changes, loaded.warnings(), ""));
        }
    }

    private static List<CatalogEntry> entries(List<Definition> all) {
        return all.stream()
                .map(one -> new CatalogEntry(one.destination(), one.initial(), one.permanentProbing()))
                .toList();
    }

    private void publish(List<Definition> all) {
        long revision = definitions.revision() + 1;
        // As every node will read them, places and revision included.
        definitions = new Definitions(revision, setup.nodeNumber(), DefinitionsText.pack(all));
        Definitions fresh = definitions;
        replicator.tell(new Replicator.Update<>(
                ViewActor.DEFINITIONS,
                Definitions.NONE,
                new Replicator.WriteAll(REPLICATION),
                getContext().getSystem().ignoreRef(),
                known -> known.mergeData(fresh)));
    }

    private Behavior<Command> onWriteBack() {
        getContext()
                .ask(
                        Known.class,
                        setup.view(),
                        READ,
                        ViewActor.GetKnown::new,
                        (known, late) -> new Snapshot(known == null ? new Known(0, List.of()) : known));
        return this;
    }

    private Behavior<Command> onSnapshot(Snapshot snapshot) {
        List<Source.StateWrite> dirty = writeBack.dirty(snapshot.known().destinations());
        if (!dirty.isEmpty()) {
            getContext()
                    .pipeToSelf(
                            blocking(() -> setup.source().write(dirty)),
                            (failed, trouble) -> new Written(trouble == null ? failed : dirty));
        }
        return this;
    }

    private Behavior<Command> onWritten(Written written) {
        writeBack.failed(written.failed());
        return this;
    }
}
