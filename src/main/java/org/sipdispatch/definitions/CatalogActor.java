package org.sipdispatch.definitions;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PreRestart;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ddata.typed.javadsl.Replicator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.sipdispatch.catalog.DefinitionStore;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.MembershipCheck;
import org.sipdispatch.destination.Status;
import org.sipdispatch.membership.Supervision;
import org.sipdispatch.replication.Definitions;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.ReplicaListenerActor;
import org.sipdispatch.settings.SettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cluster singleton that loads the definitions from their source, at the start of a new cluster and on operator orders,
 * applies changes, and publishes each result in Akka Distributed Data as a whole or not at all. After a failover it
 * continues with the published definitions; it reads the source at once only in a new cluster.
 */
public final class CatalogActor extends AbstractBehavior<CatalogActor.Command> {
    /** How often changed states are written into their rows. */
    public static final Duration WRITE_BACK = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(CatalogActor.class);
    private static final Duration PERMISSION_TIMEOUT = Duration.ofSeconds(1);
    private static final int READS = 3;

    public sealed interface Command
            permits CatalogOrder,
                    CatalogOrder.Ticketed,
                    PermissionReply,
                    Stop,
                    DefinitionsRead,
                    ReplicaChanged,
                    SourceRead,
                    Published,
                    Signal {}

    /** Writes the states back a last time and stops. */
    public enum Stop implements Command {
        INSTANCE
    }

    /** {@code permission}: null if the node that sent the order did not answer. */
    private record PermissionReply(CatalogOrder order, DestinationActor.Permission permission) implements Command {}

    private record DefinitionsRead(Definitions definitions) implements Command {}

    private record ReplicaChanged(Replicator.SubscribeResponse<Definitions> change) implements Command {}

    private record SourceRead(CatalogReader.CatalogReadResult reading, CatalogOrder.ReplaceRows order)
            implements Command {}

    /** {@code outcome}: null if the replicator did not apply the change, or, with {@code late}, did not answer. */
    private record Published(ReplicatedDefinitions.UpdateOutcome outcome, Throwable late, CatalogChange job)
            implements Command {}

    private enum Signal implements Command {
        LOAD_AGAIN,
        WRITE_BACK_ENDED
    }

    /**
     * Dependencies of the actor.
     *
     * @param destinations supplies the newest states of all destinations that this node knows
     * @param newestStatuses reads them from a majority of the nodes; fails if none answers
     * @param membership whether this node may decide now
     * @param blocking runs the blocking database queries
     * @param retry delay before a failed first load is tried again
     * @param writeBack interval between write-backs of states
     */
    public record Setup(
            DefinitionStore source,
            Supplier<DestinationsSnapshot> destinations,
            Supplier<CompletionStage<Map<String, Status>>> newestStatuses,
            ActorRef<Replicator.Command> replicator,
            long nodeNumber,
            MembershipCheck membership,
            Executor blocking,
            Duration retry,
            Duration writeBack) {}

    public static Behavior<Command> create(Setup setup) {
        return Supervision.restarting(
                Behaviors.setup(context -> Behaviors.withTimers(timers -> new CatalogActor(context, timers, setup))));
    }

    private final TimerScheduler<Command> timers;
    private final Setup setup;
    private final ReplicatedDefinitions replicated;
    private final ActorRef<WriteBackActor.Command> writeBack;
    private final CatalogReader reader;
    private final SourceWatches watches;
    private final List<CatalogOrder> waiting = new ArrayList<>();
    private Definitions definitions = Definitions.NONE;
    private boolean busy = true;
    private boolean wantsFirstLoad;
    private boolean tried;
    private int failedReads;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private CatalogActor(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
        super(context);
        this.timers = timers;
        this.setup = setup;
        replicated = new ReplicatedDefinitions(context.getSystem(), setup.replicator(), setup.nodeNumber());
        writeBack = context.spawn(
                WriteBackActor.create(new WriteBackActor.Setup(
                        setup.source(), setup.destinations(), setup.membership(), setup.blocking(), setup.writeBack())),
                "write-back");
        reader = new CatalogReader(
                context.getSystem(), setup.source(), setup.newestStatuses(), writeBack, setup.blocking());
        ActorRef<Replicator.SubscribeResponse> self =
                context.messageAdapter(Replicator.SubscribeResponse.class, ReplicaChanged::new);
        setup.replicator().tell(new Replicator.Subscribe(ReplicaListenerActor.DEFINITIONS, self));
        SourceWatchActor.Setup watch = new SourceWatchActor.Setup(
                (partition, state) -> state.publish(context.getSystem(), setup.replicator(), partition),
                setup.membership(),
                setup.blocking(),
                CatalogOrder.ApplyRows.sentTo(context.getSelf()));
        watches = new SourceWatches(context, setup.source().watched(), watch);
        find();
    }

    private void find() {
        getContext().pipeToSelf(replicated.newest(), (newest, failure) -> new DefinitionsRead(newest));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(DefinitionsRead.class, this::onDefinitionsRead)
                .onMessage(ReplicaChanged.class, this::onReplicaChanged)
                .onMessage(CatalogOrder.Ticketed.class, this::onTicketed)
                .onMessage(PermissionReply.class, this::onPermissionReply)
                .onMessage(CatalogOrder.class, this::onOrder)
                .onMessage(SourceRead.class, this::onSourceRead)
                .onMessage(Published.class, published -> {
                    reply(published);
                    done();
                    return this;
                })
                .onMessageEquals(Signal.LOAD_AGAIN, this::onLoadAgain)
                .onMessageEquals(Stop.INSTANCE, this::onStop)
                .onSignal(PreRestart.class, restart -> refuseWaiting(CatalogChange.RESTARTED))
                .build();
    }

    /** If no majority answers, this node's own definitions count; the replicator sends them as {@link ReplicaChanged}. */
    private Behavior<Command> onDefinitionsRead(DefinitionsRead found) {
        if (found.definitions() == null && definitions.revision() == 0 && ++failedReads < READS) {
            find();
            return this;
        }
        learn(found.definitions() == null ? Definitions.NONE : found.definitions());
        wantsFirstLoad = !definitions.isLoaded();
        busy = false;
        next();
        return this;
    }

    private Behavior<Command> onReplicaChanged(ReplicaChanged message) {
        if (message.change() instanceof Replicator.Changed<Definitions> changed) {
            learn(changed.get(ReplicaListenerActor.DEFINITIONS));
        }
        return this;
    }

    /** If another node has published loaded definitions, no first load is needed. */
    private void learn(Definitions received) {
        definitions = definitions.mergeData(received);
        if (received.node() != setup.nodeNumber()) {
            writeBack.tell(new WriteBackActor.Inherit(definitions.all()));
        }
        wantsFirstLoad &= !definitions.isLoaded() || definitions.node() == setup.nodeNumber();
    }

    private Behavior<Command> onTicketed(CatalogOrder.Ticketed ticketed) {
        DestinationActor.Ticket ticket = ticketed.ticket();
        getContext()
                .ask(
                        DestinationActor.Permission.class,
                        ticket.giver(),
                        PERMISSION_TIMEOUT,
                        replyTo -> new DestinationActor.MayExecute(ticket.order(), replyTo),
                        (permission, late) -> new PermissionReply(ticketed.order(), permission));
        return this;
    }

    /** Drops an order without permission: its operator has been told, or will be, that it was not executed. */
    private Behavior<Command> onPermissionReply(PermissionReply permitted) {
        DestinationActor.Permission permission = permitted.permission();
        return permission != null && permission.granted() ? onOrder(permitted.order()) : this;
    }

    /** Refuses orders that were queued while this node was paused or cut off: other nodes have executed newer ones. */
    private Behavior<Command> onOrder(CatalogOrder order) {
        if (!setup.membership().isCurrent()) {
            refuse(order, CatalogChange.STALE);
            return this;
        }
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
        while (!waiting.isEmpty() && !setup.membership().isCurrent()) {
            refuse(waiting.remove(0), CatalogChange.STALE);
        }
        CatalogOrder order = waiting.isEmpty() ? null : waiting.get(0);
        if (order instanceof CatalogOrder.ApplyRows change) {
            waiting.remove(0);
            busy = true;
            onSourceRead(new SourceRead(change.reading(definitions), change));
        } else if (order instanceof CatalogOrder.ReplaceRows reload) {
            waiting.remove(0);
            read(reload);
        } else if (order instanceof CatalogOrder.ChangeDefinitions && wantsFirstLoad && !tried) {
            // Otherwise the change would be published without the source's rows, or without the remembered ones if the
            // source cannot be read.
            read(null);
        } else if (order instanceof CatalogOrder.ChangeDefinitions change) {
            waiting.remove(0);
            change(change);
        } else if (wantsFirstLoad && !timers.isTimerActive(Signal.LOAD_AGAIN)) {
            timers.startSingleTimer(Signal.LOAD_AGAIN, tried ? setup.retry() : Duration.ZERO);
        }
    }

    private void change(CatalogOrder.ChangeDefinitions change) {
        busy = true;
        List<String> complaints = change.problems(definitions, setup.source());
        if (complaints.isEmpty()) {
            publish(CatalogChange.unread(change, false), change::on);
        } else {
            refuse(change, String.join("; ", complaints));
            done();
        }
    }

    /** {@code order}: null for the first load. */
    private void read(CatalogOrder.ReplaceRows order) {
        busy = true;
        tried |= order == null;
        getContext()
                .pipeToSelf(
                        reader.read(order, !definitions.isLoaded()),
                        (reading, failure) -> new SourceRead(reading, order));
    }

    private Behavior<Command> onSourceRead(SourceRead read) {
        CatalogChange unread = CatalogChange.unread(read.order(), read.reading().written());
        if (read.order() != null && !setup.membership().isCurrent()) {
            unread.refuse(definitions.revision(), CatalogChange.STALE);
            done();
        } else if (read.reading().failure() != null) {
            refuse(unread, read.reading().failure());
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

    private void refuse(CatalogChange job, Throwable failure) {
        String error = ReloadOutcome.errorOf(failure);
        LOG.warn("the definitions are unchanged: {}", error);
        if (job.order() != null) {
            job.refuse(definitions.revision(), error);
            done();
        } else if (definitions.revision() == 0) {
            remember();
        } else {
            done();
        }
    }

    private void refuse(CatalogOrder order, String error) {
        order.replyTo().tell(ReloadOutcome.refused(definitions.revision(), error));
    }

    /** For a new cluster whose source cannot be read: publishes the definitions that this node knew before. */
    private void remember() {
        DefinitionsUpdate remembered =
                DefinitionsUpdate.remembered(setup.destinations().get());
        if (remembered.all().isEmpty()) {
            done();
        } else {
            writeBack.tell(new WriteBackActor.Inherit(remembered.all()));
            publish(CatalogChange.unread(null, false), none -> remembered);
        }
    }

    private void apply(SourceRead read) {
        CatalogChange job = CatalogChange.of(read.order(), read.reading(), !definitions.isLoaded());
        job.read().warnings().forEach(LOG::warn);
        publish(job, job::replaced);
    }

    private void publish(CatalogChange job, Function<Definitions, DefinitionsUpdate> edit) {
        ReplicatedDefinitions.PendingUpdate change;
        try {
            change = ReplicatedDefinitions.PendingUpdate.of(definitions, job.withAuthor(edit));
        } catch (SettingException e) {
            refuse(job, e);
            return;
        }
        if (job.changesNothing(change.result())) {
            job.reply(definitions.revision(), change.result());
            done();
        } else {
            getContext().pipeToSelf(replicated.publish(change), (made, late) -> new Published(made, late, job));
        }
    }

    private void reply(Published published) {
        CatalogChange job = published.job();
        watches.loadedByOther(job::replacesUnwatched);
        if (published.outcome() == null) {
            job.replyNotPublished(definitions.revision(), published.late() == null);
            return;
        }
        definitions = definitions.mergeData(published.outcome().definitions());
        if (published.outcome().failure() != null) {
            String error = published.outcome().failure().getMessage();
            job.refuse(definitions.revision(), error);
            LOG.warn("the definitions are unchanged: {}", error);
            return;
        }
        wantsFirstLoad &= !job.whole();
        DefinitionsUpdate result = published.outcome().result();
        writeBack.tell(new WriteBackActor.RowsDefined(result.all()));
        job.replyPublished(published.outcome().definitions().revision(), result);
    }

    private Behavior<Command> refuseWaiting(String error) {
        waiting.forEach(order -> refuse(order, error));
        return this;
    }

    private Behavior<Command> onStop() {
        refuseWaiting(CatalogChange.MOVING);
        getContext().watchWith(writeBack, Signal.WRITE_BACK_ENDED);
        writeBack.tell(WriteBackActor.Stop.INSTANCE);
        return newReceiveBuilder()
                .onMessage(CatalogOrder.Ticketed.class, ticketed -> onOrderTooLate(ticketed.order(), false))
                .onMessage(PermissionReply.class, permitted -> onOrderTooLate(permitted.order(), false))
                .onMessage(CatalogOrder.class, order -> onOrderTooLate(order, false))
                .onMessage(
                        SourceRead.class,
                        read -> onOrderTooLate(read.order(), read.reading().written()))
                .onMessage(Published.class, published -> {
                    reply(published);
                    return Behaviors.same();
                })
                .onMessageEquals(Signal.WRITE_BACK_ENDED, Behaviors::stopped)
                .onAnyMessage(ignored -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onOrderTooLate(CatalogOrder order, boolean written) {
        CatalogChange.unread(order, written).refuse(definitions.revision(), CatalogChange.MOVING);
        return Behaviors.same();
    }
}
