package org.sipdispatch.definitions;

import akka.actor.typed.ActorRef;
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
import org.sipdispatch.destination.MembershipCheck;
import org.sipdispatch.membership.Supervision;
import org.sipdispatch.replication.Known;
import org.sipdispatch.replication.ViewActor;

/**
 * Writes states back into the table, every now and then and once more before it ends. Never two writes at once: the
 * older one could come last and leave its states there.
 */
final class WriteBackActor extends AbstractBehavior<WriteBackActor.Command> {
    private static final int ROWS_PER_CHECK = 20;
    private static final Duration VIEW = Duration.ofSeconds(1);
    private static final Duration LONGEST_END = Duration.ofSeconds(2);

    /** What it can be told. */
    sealed interface Command {}

    /** Ends when all is written, or could not be within two seconds. */
    enum Stop implements Command {
        INSTANCE
    }

    private record Snapshot(Known known) implements Command {}

    private record Written(Collection<Source.StateWrite> failed) implements Command {}

    private enum Due implements Command {
        INSTANCE
    }

    private enum GiveUp implements Command {
        INSTANCE
    }

    /**
     * What it needs.
     *
     * @param membership whether this node may write now
     * @param blocking may wait for databases
     */
    record Setup(
            Source source,
            ActorRef<ViewActor.Command> view,
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
        timers.startTimerWithFixedDelay(Due.INSTANCE, setup.period());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(Due.INSTANCE, this::onDue)
                .onMessage(Snapshot.class, this::onSnapshot)
                .onMessage(Written.class, this::onWritten)
                .onMessageEquals(Stop.INSTANCE, this::onStop)
                .build();
    }

    private Receive<Command> ending() {
        return newReceiveBuilder()
                .onMessage(Snapshot.class, this::onLastSnapshot)
                .onMessage(Written.class, this::onLastWritten)
                .onMessageEquals(GiveUp.INSTANCE, Behaviors::stopped)
                .onAnyMessage(ignored -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onDue() {
        if (!writing && setup.membership().isCurrent()) {
            look();
        }
        return this;
    }

    private void look() {
        writing = true;
        getContext()
                .ask(
                        Known.class,
                        setup.view(),
                        VIEW,
                        replyTo -> new ViewActor.GetKnown(false, replyTo),
                        (known, late) -> new Snapshot(known == null ? new Known(0, List.of()) : known));
    }

    private Behavior<Command> onSnapshot(Snapshot snapshot) {
        writing = write(snapshot);
        return this;
    }

    /** Whether there is anything to write. */
    private boolean write(Snapshot snapshot) {
        List<Source.StateWrite> dirty = states.dirty(snapshot.known().destinations());
        if (dirty.isEmpty()) {
            return false;
        }
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(() -> written(dirty), setup.blocking()),
                        (failed, trouble) -> new Written(trouble == null ? failed : dirty));
        return true;
    }

    /** A node that stood still meanwhile must not overwrite what another one has written since. */
    private Collection<Source.StateWrite> written(List<Source.StateWrite> dirty) {
        List<Source.StateWrite> failed = new ArrayList<>();
        for (int i = 0; i < dirty.size(); i += ROWS_PER_CHECK) {
            List<Source.StateWrite> some = dirty.subList(i, Math.min(dirty.size(), i + ROWS_PER_CHECK));
            failed.addAll(setup.membership().isCurrent() ? setup.source().write(some) : some);
        }
        return failed;
    }

    private Behavior<Command> onWritten(Written written) {
        writing = false;
        states.failed(written.failed());
        return this;
    }

    private Behavior<Command> onStop() {
        timers.cancel(Due.INSTANCE);
        timers.startSingleTimer(GiveUp.INSTANCE, LONGEST_END);
        if (!writing) {
            look();
        }
        return ending();
    }

    private Behavior<Command> onLastSnapshot(Snapshot snapshot) {
        return write(snapshot) ? Behaviors.same() : Behaviors.stopped();
    }

    /** What changed during the write is written too; with the table away there is no use in trying again. */
    private Behavior<Command> onLastWritten(Written written) {
        if (!written.failed().isEmpty()) {
            return Behaviors.stopped();
        }
        look();
        return Behaviors.same();
    }
}
