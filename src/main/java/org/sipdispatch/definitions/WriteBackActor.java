package org.sipdispatch.definitions;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.sipdispatch.catalog.DefinitionStore;
import org.sipdispatch.catalog.StateWrite;
import org.sipdispatch.catalog.UnwrittenStates;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.MembershipCheck;
import org.sipdispatch.destination.Status;
import org.sipdispatch.membership.Supervision;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.DestinationsSnapshot.KnownDestination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes destination states back into the table, periodically and a last time before it stops. Never runs two writes at
 * once: the older one could finish last and leave outdated states.
 */
final class WriteBackActor extends AbstractBehavior<WriteBackActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(WriteBackActor.class);
    private static final int ROWS_PER_CHECK = 20;
    private static final Duration LONGEST_END = Duration.ofSeconds(2);

    sealed interface Command {}

    /** Stops when all states are written, or after 2 s. */
    enum Stop implements Command {
        INSTANCE
    }

    /** Sets the rows that another node has read; their states are written once in any case. */
    record Inherit(List<Definition> rows) implements Command {}

    /** All definitions after a change that was published, the rows with the states that they were read with. */
    record RowsDefined(List<Definition> all) implements Command {}

    /**
     * Writes the states that the table does not have yet, and replies with those that could not be written. The next
     * one is sent after the reply, or after it was late.
     *
     * @param newest statuses by id, of which this node may not know all yet
     */
    record WriteNow(Map<String, Status> newest, ActorRef<UnwrittenStates> replyTo) implements Command {
        private KnownDestination newest(KnownDestination known) {
            Status other = newest.get(known.id());
            boolean isOlder = other == null
                    || known.status() != null && known.status().version().isAfter(other.version());
            return isOlder ? known : new KnownDestination(known.definition(), other);
        }
    }

    private record StatesWritten(UnwrittenStates unwritten) implements Command {}

    private enum WriteBackDue implements Command {
        INSTANCE
    }

    private enum GiveUp implements Command {
        INSTANCE
    }

    /**
     * Dependencies of the actor.
     *
     * @param destinations supplies the newest states of all destinations
     * @param membership whether this node may write now
     * @param blocking runs the blocking database writes
     */
    record Setup(
            DefinitionStore source,
            Supplier<DestinationsSnapshot> destinations,
            MembershipCheck membership,
            Executor blocking,
            Duration period) {}

    static Behavior<Command> create(Setup setup) {
        return Supervision.restarting(
                Behaviors.setup(context -> Behaviors.withTimers(timers -> new WriteBackActor(context, timers, setup))));
    }

    private final TimerScheduler<Command> timers;
    private final Setup setup;
    private final StateWriteBack states = new StateWriteBack();
    private boolean writing;
    /** The message that waits for the end of the write; null for none. */
    private WriteNow next;

    /** Receives the result of the write; null if no actor asked for it. */
    private ActorRef<UnwrittenStates> asker;

    private WriteBackActor(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
        super(context);
        this.timers = timers;
        this.setup = setup;
        timers.startTimerWithFixedDelay(WriteBackDue.INSTANCE, setup.period());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(WriteBackDue.INSTANCE, this::onWriteBackDue)
                .onMessage(WriteNow.class, this::onWriteNow)
                .onMessage(StatesWritten.class, this::onStatesWritten)
                .onMessage(Inherit.class, this::onInherit)
                .onMessage(RowsDefined.class, this::onRowsDefined)
                .onMessageEquals(Stop.INSTANCE, this::onStop)
                .build();
    }

    private Receive<Command> ending() {
        return newReceiveBuilder()
                .onMessage(StatesWritten.class, this::onLastWritten)
                .onMessageEquals(GiveUp.INSTANCE, Behaviors::stopped)
                .onAnyMessage(ignored -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onInherit(Inherit inherit) {
        states.inherit(inherit.rows().stream().map(Definition::id).toList());
        return this;
    }

    private Behavior<Command> onRowsDefined(RowsDefined defined) {
        states.define(defined.all().stream()
                .filter(one -> !one.temporary())
                .collect(Collectors.toMap(Definition::id, Definition::initial, (first, equal) -> first)));
        return this;
    }

    private Behavior<Command> onWriteBackDue() {
        if (!writing && setup.membership().isCurrent()) {
            write();
        }
        return this;
    }

    private Behavior<Command> onWriteNow(WriteNow order) {
        if (writing) {
            next = order;
        } else {
            write(order);
        }
        return this;
    }

    private void write(WriteNow order) {
        write(known().stream().map(order::newest).toList());
        if (writing) {
            asker = order.replyTo();
        } else {
            order.replyTo().tell(UnwrittenStates.NOTHING);
        }
    }

    private void write() {
        write(known());
    }

    private List<KnownDestination> known() {
        return setup.destinations().get().destinations();
    }

    /** Starts a write if there are unwritten states. */
    private void write(List<KnownDestination> all) {
        List<StateWrite> dirty = states.dirty(all);
        writing = !dirty.isEmpty();
        if (writing) {
            getContext()
                    .pipeToSelf(
                            CompletableFuture.supplyAsync(() -> unwritten(dirty), setup.blocking()),
                            (unwritten, failure) ->
                                    new StatesWritten(failure == null ? unwritten : failed(dirty, failure)));
        }
    }

    private static UnwrittenStates failed(List<StateWrite> all, Throwable failure) {
        return new UnwrittenStates(all, List.of(ReloadOutcome.errorOf(failure)));
    }

    /**
     * Checks the lease between slices and before each transaction ends: a node that was paused must not overwrite the
     * states that another node has written since.
     */
    private UnwrittenStates unwritten(List<StateWrite> dirty) {
        long pauses = setup.membership().pauses();
        UnwrittenStates all = UnwrittenStates.NOTHING;
        for (int i = 0; i < dirty.size(); i += ROWS_PER_CHECK) {
            List<StateWrite> some = dirty.subList(i, Math.min(dirty.size(), i + ROWS_PER_CHECK));
            if (isCurrentSince(pauses)) {
                UnwrittenStates unwritten = setup.source().writeStates(some, () -> isCurrentSince(pauses));
                unwritten.reasons().forEach(reason -> LOG.warn("states not written: {}", reason));
                all = all.plus(unwritten);
            } else {
                all = all.plus(new UnwrittenStates(some, List.of()));
            }
        }
        return all;
    }

    /** Other threads may have renewed the lease after a pause before this one runs again, so pauses count too. */
    private boolean isCurrentSince(long pauses) {
        return setup.membership().isCurrent() && setup.membership().pauses() == pauses;
    }

    private Behavior<Command> onStatesWritten(StatesWritten written) {
        writing = false;
        ended(written.unwritten());
        if (next != null) {
            write(next);
            next = null;
        }
        return this;
    }

    private void ended(UnwrittenStates unwritten) {
        states.failed(unwritten.states());
        if (asker != null) {
            asker.tell(unwritten);
            asker = null;
        }
    }

    private Behavior<Command> onStop() {
        timers.cancel(WriteBackDue.INSTANCE);
        timers.startSingleTimer(GiveUp.INSTANCE, LONGEST_END);
        if (!writing) {
            write();
        }
        return writing ? ending() : Behaviors.stopped();
    }

    /** States that changed during the last write are written too; after a failed write there is no retry. */
    private Behavior<Command> onLastWritten(StatesWritten written) {
        ended(written.unwritten());
        if (written.unwritten().states().isEmpty()) {
            write();
        } else {
            writing = false;
        }
        return writing ? Behaviors.same() : Behaviors.stopped();
    }
}
