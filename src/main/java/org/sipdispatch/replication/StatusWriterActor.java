package org.sipdispatch.replication;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.MembershipCheck;
import org.sipdispatch.destination.Status;
import org.sipdispatch.membership.Supervision;

/**
 * Writes the statuses of this node's destinations to all nodes. The first write of a part is sent at once; statuses
 * that arrive within the next 50 ms are combined into one further write, because thousands of destination actors may
 * start at the same time. A node that may not decide writes nothing: it may have been paused between the decision and
 * the write, and another actor may have begun the same term meanwhile.
 */
public final class StatusWriterActor extends AbstractBehavior<StatusWriterActor.Command> {
    private static final Duration FLUSH_INTERVAL = Duration.ofMillis(50);
    /** The first status of a starting actor changes nothing for calls, and many actors start one after the other. */
    private static final Duration FIRST_STATUS_DELAY = Duration.ofMillis(250);

    private static final Duration WRITE = Duration.ofSeconds(1);
    private static final Duration CONFIRM = Duration.ofSeconds(3);

    public sealed interface Command {}

    /** Writes a status; {@code known} is run once a majority of the nodes has it, null if no one waits for that. */
    record WriteStatus(String id, Status status, Runnable known) implements Command {
        private boolean isFirstOfItsTerm() {
            return status.version().change() == 0;
        }

        /** Whether this node's replica has this status, or a newer one of the same actor. */
        private boolean isReplicated(Replicator.GetResponse<Statuses> replica) {
            Status newest = ReplicatedStatuses.status(replica, id);
            return newest != null
                    && newest.version().isOfSameActor(status.version())
                    && !status.version().isAfter(newest.version());
        }
    }

    private record FlushDue(ReplicatedStatuses.Part part) implements Command {}

    /** The collected statuses of a part. */
    private static final class StatusBatch {
        private final Map<String, Status> statuses = new HashMap<>();
        private final List<WriteStatus> awaited = new ArrayList<>();
    }

    /** {@code membership}: whether this node may decide now. */
    public static Behavior<Command> create(ActorRef<Replicator.Command> replicator, MembershipCheck membership) {
        return Supervision.resuming(Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new StatusWriterActor(context, timers, replicator, membership))));
    }

    private final TimerScheduler<Command> timers;
    private final ActorSystem<?> system;
    private final ActorRef<Replicator.Command> replicator;
    private final MembershipCheck membership;
    private final Map<ReplicatedStatuses.Part, StatusBatch> batches = new HashMap<>();

    private StatusWriterActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ActorRef<Replicator.Command> replicator,
            MembershipCheck membership) {
        super(context);
        this.membership = membership;
        this.timers = timers;
        system = context.getSystem();
        this.replicator = replicator;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(WriteStatus.class, this::onWriteStatus)
                .onMessage(FlushDue.class, this::onFlushDue)
                .build();
    }

    private Behavior<Command> onWriteStatus(WriteStatus write) {
        ReplicatedStatuses.Part part = ReplicatedStatuses.part(write.id());
        StatusBatch one = batches.computeIfAbsent(part, unused -> new StatusBatch());
        one.statuses.merge(write.id(), write.status(), Statuses::newer);
        if (write.known() != null) {
            one.awaited.add(write);
        }
        if (timers.isTimerActive(part)) {
            return this;
        }
        return write.isFirstOfItsTerm() ? flushLater(new FlushDue(part)) : flush(part);
    }

    private Behavior<Command> flushLater(FlushDue over) {
        if (!timers.isTimerActive(over)) {
            timers.startSingleTimer(over, over, FIRST_STATUS_DELAY);
        }
        return this;
    }

    private Behavior<Command> onFlushDue(FlushDue over) {
        return batches.containsKey(over.part()) ? flush(over.part()) : this;
    }

    private Behavior<Command> flush(ReplicatedStatuses.Part part) {
        timers.startSingleTimer(part, new FlushDue(part), FLUSH_INTERVAL);
        if (!membership.isCurrent()) {
            return this;
        }
        StatusBatch one = batches.remove(part);
        write(part, one, new Replicator.WriteAll(WRITE)).whenComplete((answer, late) -> {
            if (one.awaited.isEmpty()) {
                return;
            }
            if (answer instanceof Replicator.UpdateSuccess) {
                confirm(part, one);
            } else {
                writeToMajority(part, one);
            }
        });
        return this;
    }

    /** A dead or paused node must not keep an operator waiting; a majority is enough to preserve the status. */
    private void writeToMajority(ReplicatedStatuses.Part part, StatusBatch one) {
        write(part, one, new Replicator.WriteMajority(CONFIRM)).whenComplete((answer, late) -> {
            if (answer instanceof Replicator.UpdateSuccess) {
                confirm(part, one);
            }
        });
    }

    /** A write also succeeds if the nodes know a newer status of another actor; then the written status is lost. */
    private void confirm(ReplicatedStatuses.Part part, StatusBatch one) {
        ReplicatedStatuses.get(system, replicator, part, Replicator.readLocal())
                .thenAccept(replica -> one.awaited.stream()
                        .filter(write -> write.isReplicated(replica))
                        .forEach(write -> write.known().run()));
    }

    private CompletionStage<Replicator.UpdateResponse<Statuses>> write(
            ReplicatedStatuses.Part part, StatusBatch one, Replicator.WriteConsistency consistency) {
        return AskPattern.ask(
                replicator,
                replyTo -> new Replicator.Update<>(
                        part, Statuses.EMPTY, consistency, replyTo, statuses -> statuses.withAll(one.statuses)),
                CONFIRM.multipliedBy(2),
                system.scheduler());
    }
}
