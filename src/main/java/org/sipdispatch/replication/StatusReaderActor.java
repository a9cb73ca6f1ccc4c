package org.sipdispatch.replication;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ddata.typed.javadsl.Replicator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.sipdispatch.destination.Status;
import org.sipdispatch.membership.Supervision;

/**
 * Finds the newest status of a destination that a majority of the nodes knows. A read transfers a whole part of all
 * statuses, and thousands of destination actors may start at the same time, so one read answers all requests that
 * arrived before it started. The next read of the part starts after a pause that is proportional to the duration of the
 * last read, 100 to 400 ms.
 */
public final class StatusReaderActor extends AbstractBehavior<StatusReaderActor.Command> {
    private static final Duration READ = Duration.ofMillis(500);
    /** Number of attempts: a node that is busy for a moment may be the only one that knows the result of an order. */
    private static final int READS = 3;

    private static final long SHORTEST_MS = 100;
    private static final long LONGEST_MS = 400;
    /**
     * The pause after a read is this many times as long as the read took, so that a node spends a small part of its
     * time on reads.
     */
    private static final int PAUSE_FACTOR = 4;

    public sealed interface Command {}

    /** Finds a destination's newest status; {@code then} receives it, or null. */
    record ReadStatus(String id, Consumer<Status> then) implements Command {}

    private record ReplicatorReplied(
            ReplicatedStatuses.Part part, ReadAttempt reading, Replicator.GetResponse<Statuses> answer, long begunNanos)
            implements Command {}

    /** {@code number}: 1 for the first read; after {@link #READS} attempts only this node's own data is read. */
    private record ReadAttempt(List<ReadStatus> served, int number) {
        Replicator.ReadConsistency consistency() {
            return number > READS ? Replicator.readLocal() : new Replicator.ReadMajority(READ);
        }

        ReadAttempt next() {
            return new ReadAttempt(served, number + 1);
        }

        boolean isLast() {
            return number > READS;
        }
    }

    private record PauseOver(ReplicatedStatuses.Part part) implements Command {}

    public static Behavior<Command> create(ActorRef<Replicator.Command> replicator) {
        return Supervision.resuming(Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new StatusReaderActor(context, timers, replicator))));
    }

    private final TimerScheduler<Command> timers;
    private final ActorRef<Replicator.Command> replicator;
    private final Map<ReplicatedStatuses.Part, List<ReadStatus>> waiting = new HashMap<>();
    private final Set<ReplicatedStatuses.Part> inProgress = new HashSet<>();

    private StatusReaderActor(
            ActorContext<Command> context, TimerScheduler<Command> timers, ActorRef<Replicator.Command> replicator) {
        super(context);
        this.timers = timers;
        this.replicator = replicator;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(ReadStatus.class, this::onReadStatus)
                .onMessage(ReplicatorReplied.class, this::onReplicatorReplied)
                .onMessage(PauseOver.class, this::onPauseOver)
                .build();
    }

    private Behavior<Command> onReadStatus(ReadStatus read) {
        ReplicatedStatuses.Part part = ReplicatedStatuses.part(read.id());
        waiting.computeIfAbsent(part, unused -> new ArrayList<>()).add(read);
        return inProgress.contains(part) || timers.isTimerActive(part) ? this : begin(part);
    }

    private Behavior<Command> onPauseOver(PauseOver over) {
        return waiting.containsKey(over.part()) ? begin(over.part()) : this;
    }

    private Behavior<Command> begin(ReplicatedStatuses.Part part) {
        get(part, new ReadAttempt(waiting.remove(part), 1));
        return this;
    }

    private void get(ReplicatedStatuses.Part part, ReadAttempt reading) {
        long begunNanos = System.nanoTime();
        inProgress.add(part);
        ReplicatedStatuses.get(getContext().getSystem(), replicator, part, reading.consistency())
                .whenComplete((answer, late) ->
                        getContext().getSelf().tell(new ReplicatorReplied(part, reading, answer, begunNanos)));
    }

    private Behavior<Command> onReplicatorReplied(ReplicatorReplied answered) {
        ReplicatedStatuses.Part part = answered.part();
        ReadAttempt reading = answered.reading();
        boolean silent = !(answered.answer() instanceof Replicator.GetSuccess)
                && !(answered.answer() instanceof Replicator.NotFound);
        if (silent && !reading.isLast()) {
            get(part, reading.next());
            return this;
        }
        inProgress.remove(part);
        reading.served().forEach(read -> read.then().accept(ReplicatedStatuses.status(answered.answer(), read.id())));
        long tookMs = (System.nanoTime() - answered.begunNanos()) / 1_000_000;
        long pauseMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, PAUSE_FACTOR * tookMs));
        timers.startSingleTimer(part, new PauseOver(part), Duration.ofMillis(pauseMs));
        return this;
    }
}
