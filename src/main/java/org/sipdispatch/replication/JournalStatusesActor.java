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
    /**
     * Calls are refused meanwhile, for 3 s at most: the last half second is for the statuses that were read. A database
     * that works answers for thousands of destinations within this time.
     */
    private static final Duration LONGEST = Duration.ofMillis(2500);
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

    private record JournalReady(String id, ActorRef<DestinationJournal.Command> journal, DestinationJournal.Ready ready)
            implements Command {}

    /** A journal that is being read, and the actor that receives its replies. */
    private record OpenJournal(
            ActorRef<DestinationJournal.Command> journal, ActorRef<DestinationJournal.Reply> receiver) {}

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
    private final Map<String, OpenJournal> inProgress = new HashMap<>();
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
                .onMessage(JournalReady.class, this::onJournalReady)
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
        ActorRef<Command> self = getContext().getSelf();
        ActorRef<DestinationJournal.Reply> receiver = getContext().spawnAnonymous(Behaviors.receiveMessage(reply -> {
            if (reply instanceof DestinationJournal.Ready ready) {
                self.tell(new JournalReady(id, journal, ready));
            }
            return Behaviors.same();
        }));
        inProgress.put(id, new OpenJournal(journal, receiver));
        journal.tell(new DestinationJournal.Open(receiver));
    }

    private Behavior<Command> onJournalReady(JournalReady message) {
        OpenJournal open = inProgress.get(message.id());
        // The journal of a reading that has ended may still answer.
        if (open != null && open.journal().equals(message.journal())) {
            inProgress.remove(message.id());
            stop(open);
            Status newest = message.ready().newest();
            if (newest != null) {
                statuses.put(message.id(), newest);
            }
            openNext();
        }
        return this;
    }

    private void stop(OpenJournal open) {
        getContext().stop(open.journal());
        getContext().stop(open.receiver());
    }

    private Behavior<Command> onTimeOver() {
        end(false);
        return this;
    }

    private void end(boolean complete) {
        timers.cancel(TimeOver.INSTANCE);
        inProgress.values().forEach(this::stop);
        inProgress.clear();
        unread.clear();
        Consumer<Boolean> receiver = done;
        done = null;
        setup.replicaListener()
                .tell(new ReplicaListenerActor.Transferred(Map.copyOf(statuses), () -> receiver.accept(complete)));
        statuses.clear();
    }
}
