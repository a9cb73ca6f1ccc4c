package org.sipdispatch.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ddata.typed.javadsl.Replicator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.sipdispatch.destination.WireMessage;
import org.sipdispatch.settings.BadSetting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exactly one in the cluster: reads where destinations are written down, at the start and when told to, and makes
 * that known whole or not at all. Who takes over from another node goes on with what that one made known; only a new
 * cluster reads at once.
 */
final class CatalogActor extends AbstractBehavior<CatalogActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogActor.class);
    private static final Duration REPLICATION = Duration.ofSeconds(2);
    private static final Duration READ = Duration.ofSeconds(1);
    private static final int READS = 3;
    private static final String MOVING = "the node that reads is leaving; try again";

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

    /** Writes the states back once more and ends. */
    enum Stop implements Command {
        INSTANCE
    }

    private record Found(Definitions definitions) implements Command {}

    private record Heard(Replicator.SubscribeResponse<Definitions> change) implements Command {}

    private record Read(Source.Loaded loaded, Throwable trouble, Reload order) implements Command {}

    private record Remembered(Known known) implements Command {}

    /** {@code made}: null if the cluster's data did not take it. */
    private record Published(Definitions made, Job job) implements Command {}

    private enum LoadAgain implements Command {
        INSTANCE
    }

    private enum Ended implements Command {
        INSTANCE
    }

    /** A load that is being made known. {@code order} is null for what this node does by itself. */
    private record Job(Reload order, String who, List<String> warnings, Reloaded reloaded, boolean whole) {}

    /**
     * What it needs.
     *
     * @param blocking may wait for databases
     * @param retry after what time a first load that failed is tried again
     * @param writeBack how often states are written into the table
     */
    record Setup(
            Source source,
            ActorRef<ViewActor.Command> view,
            ActorRef<Replicator.Command> replicator,
            long nodeNumber,
            Executor blocking,
            Duration retry,
            Duration writeBack) {}

    static Behavior<Command> create(Setup setup) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new CatalogActor(context, timers, setup)));
    }

    private final TimerScheduler<Command> timers;
    private final Setup setup;
    private final ActorRef<WriteBackActor.Command> writeBack;
    private final List<Reload> waiting = new ArrayList<>();
    private Definitions definitions = Definitions.NONE;
    private boolean busy = true;
    private boolean wantsFirstLoad;
    private boolean tried;
    private int silences;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private CatalogActor(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
        super(context);
        this.timers = timers;
        this.setup = setup;
        writeBack = context.spawn(
                WriteBackActor.create(
                        new WriteBackActor.Setup(setup.source(), setup.view(), setup.blocking(), setup.writeBack())),
                "write-back");
        ActorRef<Replicator.SubscribeResponse> self =
                context.messageAdapter(Replicator.SubscribeResponse.class, Heard::new);
        setup.replicator().tell(new Replicator.Subscribe(ViewActor.DEFINITIONS, self));
        find();
    }

    private void find() {
        CompletionStage<Replicator.GetResponse<Definitions>> answer = AskPattern.ask(
                setup.replicator(),
                replyTo -> new Replicator.Get<>(ViewActor.DEFINITIONS, new Replicator.ReadMajority(READ), replyTo),
                READ.multipliedBy(2),
                getContext().getSystem().scheduler());
        getContext().pipeToSelf(answer, (known, late) -> new Found(definitions(known)));
    }

    /** Null if the others did not answer. */
    private static Definitions definitions(Replicator.GetResponse<Definitions> answer) {
        if (answer instanceof Replicator.GetSuccess<Definitions> found) {
            return found.get(ViewActor.DEFINITIONS);
        }
        return answer instanceof Replicator.NotFound ? Definitions.NONE : null;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Found.class, this::onFound)
                .onMessage(Heard.class, this::onHeard)
                .onMessage(Reload.class, this::onReload)
                .onMessage(Read.class, this::onRead)
                .onMessage(Remembered.class, this::onRemembered)
                .onMessage(Published.class, this::onPublished)
                .onMessageEquals(LoadAgain.INSTANCE, this::onLoadAgain)
                .onMessageEquals(Stop.INSTANCE, this::onStop)
                .build();
    }

    /** Where the others stay silent, what this node knows counts; the replicator tells it behind {@link Heard}. */
    private Behavior<Command> onFound(Found found) {
        if (found.definitions() == null && definitions.revision() == 0 && ++silences < READS) {
            find();
            return this;
        }
        learn(found.definitions() == null ? Definitions.NONE : found.definitions());
        wantsFirstLoad = definitions.revision() == 0;
        busy = false;
        next();
        return this;
    }

    private Behavior<Command> onHeard(Heard heard) {
        if (heard.change() instanceof Replicator.Changed<Definitions> changed) {
            learn(changed.get(ViewActor.DEFINITIONS));
        }
        return this;
    }

    /** Where another node has made something known there is nothing left to begin with. */
    private void learn(Definitions news) {
        definitions = definitions.mergeData(news);
        wantsFirstLoad &= definitions.revision() == 0 || definitions.node() == setup.nodeNumber();
    }

    private Behavior<Command> onReload(Reload order) {
        waiting.add(order);
        if (!busy) {
            next();
        }
        return this;
    }

    private Behavior<Command> onLoadAgain() {
        if (!busy && wantsFirstLoad) {
            read(null);
        }
        return this;
    }

    private void next() {
        if (!waiting.isEmpty()) {
            read(waiting.remove(0));
        } else if (wantsFirstLoad && !timers.isTimerActive(LoadAgain.INSTANCE)) {
            timers.startSingleTimer(LoadAgain.INSTANCE, tried ? setup.retry() : Duration.ZERO);
        }
    }

    /** {@code order}: null for the first load. */
    private void read(Reload order) {
        busy = true;
        tried |= order == null;
        boolean isFirst = definitions.revision() == 0;
        getContext()
                .pipeToSelf(
                        blocking(() -> load(order, isFirst)), (loaded, trouble) -> new Read(loaded, trouble, order));
    }

    /** Where nothing is known yet all is read, but who names a partition that does not exist hears of it. */
    private Source.Loaded load(Reload order, boolean isFirst) {
        String partition = order == null ? "" : order.partition();
        Source.Loaded loaded = setup.source().load(partition);
        return isFirst && !partition.isEmpty() ? setup.source().load("") : loaded;
    }

    private <T> CompletableFuture<T> blocking(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, setup.blocking());
    }

    private Behavior<Command> onRead(Read read) {
        if (read.trouble() != null) {
            refuse(read.order(), read.trouble());
        } else if (read.order() != null || wantsFirstLoad) {
            apply(read);
        } else {
            done();
        }
        return this;
    }

    private void done() {
        busy = false;
        next();
    }

    private void refuse(Reload order, Throwable trouble) {
        Throwable cause = trouble.getCause() == null ? trouble : trouble.getCause();
        String error = cause instanceof BadSetting ? cause.getMessage() : cause.toString();
        LOG.warn("nothing loaded: {}", error);
        if (order != null) {
            refuse(order, error);
            done();
        } else if (definitions.revision() == 0) {
            remember();
        } else {
            done();
        }
    }

    private void refuse(Reload order, String error) {
        order.replyTo().tell(new ReloadOutcome(definitions.revision(), List.of(), List.of(), error));
    }

    /** A cluster that was founded while the table cannot be read begins with what its founder knew before. */
    private void remember() {
        getContext()
                .ask(
                        Known.class,
                        setup.view(),
                        READ,
                        ViewActor.GetKnown::new,
                        (known, late) -> new Remembered(known == null ? new Known(0, List.of()) : known));
    }

    private Behavior<Command> onRemembered(Remembered remembered) {
        if (remembered.known().destinations().isEmpty() || definitions.revision() > 0) {
            done();
        } else {
            publish(new Job(null, "memory", List.of(), Reloaded.remembered(remembered.known()), false));
        }
        return this;
    }

    private void apply(Read read) {
        Reload order = read.order();
        String partition = order == null ? "" : order.partition();
        Reloaded reloaded;
        try {
            reloaded = Reloaded.of(definitions, partition, read.loaded().definitions());
        } catch (BadSetting e) {
            refuse(order, e);
            return;
        }
        List<String> warnings = read.loaded().warnings();
        warnings.forEach(LOG::warn);
        if (order != null && order.dryRun()) {
            order.replyTo().tell(ReloadOutcome.brief(definitions.revision(), reloaded.changes(), warnings));
            done();
        } else {
            boolean whole = partition.isEmpty() || definitions.revision() == 0;
            publish(new Job(order, order == null ? "start" : order.who(), warnings, reloaded, whole));
        }
    }

    /** The replicator may know a newer revision than this actor; only there can the next one be told. */
    private void publish(Job job) {
        AtomicReference<Definitions> made = new AtomicReference<>();
        Definitions mine = definitions;
        CompletionStage<Replicator.UpdateResponse<Definitions>> answer = AskPattern.ask(
                setup.replicator(),
                replyTo -> new Replicator.Update<>(
                        ViewActor.DEFINITIONS,
                        Definitions.NONE,
                        new Replicator.WriteAll(REPLICATION),
                        replyTo,
                        known -> {
                            made.set(job.reloaded().after(mine, known, setup.nodeNumber()));
                            return made.get();
                        }),
                REPLICATION.multipliedBy(2),
                getContext().getSystem().scheduler());
        getContext().pipeToSelf(answer, (done, late) -> new Published(made.get(), job));
    }

    /** Nodes that have not confirmed it yet hear of it by gossip. */
    private Behavior<Command> onPublished(Published published) {
        tell(published);
        done();
        return this;
    }

    private void tell(Published published) {
        Job job = published.job();
        if (published.made() == null) {
            LOG.warn("the cluster's data took no definitions");
            if (job.order() != null) {
                refuse(job.order(), "the cluster's data did not take the definitions; try again");
            }
            return;
        }
        definitions = definitions.mergeData(published.made());
        wantsFirstLoad &= !job.whole();
        long revision = published.made().revision();
        List<String> changes = job.reloaded().changes();
        LOG.info("revision {} by {}: {} changes", revision, job.who(), changes.size());
        if (job.order() != null) {
            job.order().replyTo().tell(ReloadOutcome.brief(revision, changes, job.warnings()));
        }
    }

    private Behavior<Command> onStop() {
        waiting.forEach(order -> refuse(order, MOVING));
        getContext().watchWith(writeBack, Ended.INSTANCE);
        writeBack.tell(WriteBackActor.Stop.INSTANCE);
        return newReceiveBuilder()
                .onMessage(Reload.class, this::onReloadTooLate)
                .onMessage(Read.class, this::onReadTooLate)
                .onMessage(Published.class, this::onPublishedAtLast)
                .onMessageEquals(Ended.INSTANCE, Behaviors::stopped)
                .onAnyMessage(ignored -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onReloadTooLate(Reload order) {
        refuse(order, MOVING);
        return Behaviors.same();
    }

    private Behavior<Command> onReadTooLate(Read read) {
        if (read.order() != null) {
            refuse(read.order(), MOVING);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onPublishedAtLast(Published published) {
        tell(published);
        return Behaviors.same();
    }
}
