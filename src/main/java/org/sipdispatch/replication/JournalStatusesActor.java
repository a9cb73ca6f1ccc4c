package org.sipdispatch.replication;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.Status;
import org.sipdispatch.membership.Supervision;

/**
 * Reads the newest statuses of all destinations from the journal, for a node that is in no cluster and takes calls
 * although no other node answers: the other nodes may have executed orders before they were paused. Writes nothing.
 */
public final class JournalStatusesActor extends AbstractBehavior<JournalStatusesActor.Command> {
    /** Calls are refused meanwhile. A database that works answers for thousands of destinations within this time. */
    private static final Duration LONGEST = Duration.ofSeconds(3);
    /** Fewer than Akka recovers at once: the actors of destinations may start at the same time. */
    private static final int MOST_AT_ONCE = 25;

    public sealed interface Command {}

    /**
     * Reads the journal and gives traffic its statuses. Ends a reading that is in progress.
     *
     * @param done receives true when traffic uses them, or false if the journal has not answered in time for every
     *     destination; traffic uses those that it has read
     */
    public record ReadJournal(Consumer<Boolean> done) implements Command {}

    private record JournalReplied(
            String id, ActorRef<DestinationJournal.Command> journal, DestinationJournal.Reply reply)
            implements Command {}

    private enum TimeOver implements Command {
        INSTANCE
    }

    /**
     * Dependencies of the actor.
     *
     * @param journals creates the journal of a destination from its id
     * @param known the destinations
     */
    public record Setup(
            Function<String, Behavior<DestinationJournal.Command>> journals,
            Supplier<DestinationsSnapshot> known,
            ActorRef<ReplicaListenerActor.Command> replicaListener) {}

    public static Behavior<Command> create(Setup setup) {
        return Supervision.resuming(Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new JournalStatusesActor(context, timers, setup))));
    }

    private final TimerScheduler<Command> timers;
    private final Setup setup;
    private final Deque<String> unread = new ArrayDeque<>();
    private final Map<String, ActorRef<DestinationJournal.Command>> inProgress = new HashMap<>();
    private final Map<String, Status> statuses = new HashMap<>();
    /** Null while nothing is read. */
    private Consumer<Boolean> done;

    private JournalStatusesActor(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
        super(context);
        this.timers = timers;
        this.setup = setup;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(ReadJournal.class, this::onReadJournal)
                .onMessage(JournalReplied.class, this::onJournalReplied)
                .onMessageEquals(TimeOver.INSTANCE, this::onTimeOver)
                .build();
    }

    private Behavior<Command> onReadJournal(ReadJournal read) {
        if (done != null) {
            end(false);
        }
        done = read.done();
        setup.known().get().destinations().stream()
                .map(DestinationsSnapshot.KnownDestination::id)
                .distinct()
                .forEach(unread::add);
        timers.startSingleTimer(TimeOver.INSTANCE, LONGEST);
        openNext();
        return this;
    }

    private void openNext() {
        while (!unread.isEmpty() && inProgress.size() < MOST_AT_ONCE) {
            open(unread.remove());
        }
        if (inProgress.isEmpty()) {
            end(true);
        }
    }

    private void open(String id) {
        ActorRef<DestinationJournal.Command> journal =
                getContext().spawnAnonymous(setup.journals().apply(id));
        inProgress.put(id, journal);
        ActorRef<Command> self = getContext().getSelf();
        ActorRef<DestinationJournal.Reply> reader = getContext().spawnAnonymous(Behaviors.receiveMessage(reply -> {
            self.tell(new JournalReplied(id, journal, reply));
            return Behaviors.stopped();
        }));
        journal.tell(new DestinationJournal.Open(reader));
    }

    private Behavior<Command> onJournalReplied(JournalReplied replied) {
        // The journal of a reading that has ended may still answer.
        if (replied.journal().equals(inProgress.get(replied.id()))) {
            getContext().stop(inProgress.remove(replied.id()));
            if (replied.reply() instanceof DestinationJournal.Ready ready && ready.newest() != null) {
                statuses.put(replied.id(), ready.newest());
            }
            openNext();
        }
        return this;
    }

    private Behavior<Command> onTimeOver() {
        end(false);
        return this;
    }

    private void end(boolean complete) {
        timers.cancel(TimeOver.INSTANCE);
        inProgress.values().forEach(getContext()::stop);
        inProgress.clear();
        unread.clear();
        Consumer<Boolean> receiver = done;
        done = null;
        setup.replicaListener()
                .tell(new ReplicaListenerActor.Transferred(Map.copyOf(statuses), () -> receiver.accept(complete)));
        statuses.clear();
    }
}
