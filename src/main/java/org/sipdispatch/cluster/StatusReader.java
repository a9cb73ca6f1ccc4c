package org.sipdispatch.cluster;

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
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.sipdispatch.destination.Status;

/**
 * Finds what most nodes know. A read carries a whole part of all statuses, and thousands of destinations may be taken
 * up at the same time, so one read serves all that were asked for before it began. The next one of that part begins a
 * moment after it, and later the longer it took.
 */
final class StatusReader extends AbstractBehavior<StatusReader.Command> {
    private static final Duration READ = Duration.ofMillis(500);
    private static final long MOMENT_MS = 100;
    private static final long LONGEST_MS = 400;
    /** A node is to spend a small part of its time on reads, however large they are. */
    private static final int PAUSES = 4;

    /** What it can be told. */
    sealed interface Command {}

    /** Finds a destination's newest status; {@code then} is told it, or null. */
    record Read(String id, Consumer<Status> then) implements Command {}

    private record Answered(
            ReplicatedBoard.Part part, List<Read> served, Replicator.GetResponse<Statuses> answer, long begunNanos)
            implements Command {}

    private record MomentOver(ReplicatedBoard.Part part) implements Command {}

    static Behavior<Command> create(ActorRef<Replicator.Command> replicator) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new StatusReader(context, timers, replicator)));
    }

    private final TimerScheduler<Command> timers;
    private final ActorRef<Replicator.Command> replicator;
    private final Map<ReplicatedBoard.Part, List<Read>> waiting = new HashMap<>();
    private final Map<ReplicatedBoard.Part, List<Read>> underWay = new HashMap<>();

    private StatusReader(
            ActorContext<Command> context, TimerScheduler<Command> timers, ActorRef<Replicator.Command> replicator) {
        super(context);
        this.timers = timers;
        this.replicator = replicator;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Read.class, this::onRead)
                .onMessage(Answered.class, this::onAnswered)
                .onMessage(MomentOver.class, this::onMomentOver)
                .build();
    }

    private Behavior<Command> onRead(Read read) {
        ReplicatedBoard.Part part = ReplicatedBoard.part(read.id());
        waiting.computeIfAbsent(part, unused -> new ArrayList<>()).add(read);
        return underWay.containsKey(part) || timers.isTimerActive(part) ? this : begin(part);
    }

    private Behavior<Command> onMomentOver(MomentOver over) {
        return waiting.containsKey(over.part()) ? begin(over.part()) : this;
    }

    private Behavior<Command> begin(ReplicatedBoard.Part part) {
        List<Read> served = waiting.remove(part);
        underWay.put(part, served);
        get(part, new Replicator.ReadMajority(READ), served);
        return this;
    }

    private void get(ReplicatedBoard.Part part, Replicator.ReadConsistency consistency, List<Read> served) {
        long begunNanos = System.nanoTime();
        ReplicatedBoard.get(getContext().getSystem(), replicator, part, consistency)
                .whenComplete(
                        (answer, late) -> getContext().getSelf().tell(new Answered(part, served, answer, begunNanos)));
    }

    private Behavior<Command> onAnswered(Answered answered) {
        ReplicatedBoard.Part part = answered.part();
        boolean wasAsked = underWay.remove(part) != null;
        boolean silent = !(answered.answer() instanceof Replicator.GetSuccess)
                && !(answered.answer() instanceof Replicator.NotFound);
        if (wasAsked && silent) {
            // Where the others stay silent, what this node knows counts.
            get(part, Replicator.readLocal(), answered.served());
        } else {
            answered.served().forEach(read -> read.then().accept(ReplicatedBoard.status(answered.answer(), read.id())));
        }
        if (wasAsked) {
            long tookMs = (System.nanoTime() - answered.begunNanos()) / 1_000_000;
            long pauseMs = Math.min(LONGEST_MS, Math.max(MOMENT_MS, PAUSES * tookMs));
            timers.startSingleTimer(part, new MomentOver(part), Duration.ofMillis(pauseMs));
        }
        return this;
    }
}
