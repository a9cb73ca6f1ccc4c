package org.sipdispatch.definitions;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.sipdispatch.catalog.DefinitionSource;
import org.sipdispatch.catalog.StateWrite;
import org.sipdispatch.catalog.Unwritten;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.MembershipCheck;
import org.sipdispatch.membership.Supervision;
import org.sipdispatch.replication.DestinationsSnapshot;
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

    private record StatesWritten(Collection<StateWrite> failed) implements Command {}

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
            DefinitionSource source,
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
                .onMessage(StatesWritten.class, this::onStatesWritten)
                .onMessage(Inherit.class, this::onInherit)
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

    private Behavior<Command> onWriteBackDue() {
        if (!writing && setup.membership().isCurrent()) {
            write();
        }
        return this;
    }

    /** Starts a write if there are unwritten states. */
    private void write() {
        List<StateWrite> dirty = states.dirty(setup.destinations().get().destinations());
        writing = !dirty.isEmpty();
        if (writing) {
            getContext()
                    .pipeToSelf(
                            CompletableFuture.supplyAsync(() -> written(dirty), setup.blocking()),
                            (failed, failure) -> new StatesWritten(failure == null ? failed : dirty));
        }
    }

    /**
     * Checks the lease between slices and before each transaction ends: a node that was paused must not overwrite the
     * states that another node has written since.
     */
    private Collection<StateWrite> written(List<StateWrite> dirty) {
        long pauses = setup.membership().pauses();
        List<StateWrite> failed = new ArrayList<>();
        for (int i = 0; i < dirty.size(); i += ROWS_PER_CHECK) {
            List<StateWrite> some = dirty.subList(i, Math.min(dirty.size(), i + ROWS_PER_CHECK));
            if (isCurrentSince(pauses)) {
                Unwritten unwritten = setup.source().writeStates(some, () -> isCurrentSince(pauses));
                unwritten.reasons().forEach(reason -> LOG.warn("states not written: {}", reason));
                failed.addAll(unwritten.states());
            } else {
                failed.addAll(some);
            }
        }
        return failed;
    }

    /** Other threads may have renewed the lease after a pause before this one runs again, so pauses count too. */
    private boolean isCurrentSince(long pauses) {
        return setup.membership().isCurrent() && setup.membership().pauses() == pauses;
    }

    private Behavior<Command> onStatesWritten(StatesWritten written) {
        writing = false;
        states.failed(written.failed());
        return this;
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
        if (written.failed().isEmpty()) {
            write();
        } else {
            writing = false;
        }
        return writing ? Behaviors.same() : Behaviors.stopped();
    }
}
