package org.sipdispatch.destination;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the newest statuses in the journals of many destinations with few queries, one after the other. The actors of
 * thousands of destinations start at the same time, and a journal of its own that recovers for each of them would take
 * most of a start. What a query finds is not older than the requests that it answers: it begins after they have arrived.
 */
public final class JournalHeadsActor extends AbstractBehavior<JournalHeadsActor.Command> {
    /** Most destinations of a query. */
    static final int MOST = 500;

    public sealed interface Command {}

    /**
     * Finds the newest status in a destination's journal. While the database is away it is asked again with backoff.
     *
     * @param replyTo receives {@link DestinationJournal.Found}
     */
    public record Find(String id, ActorRef<DestinationJournal.Reply> replyTo) implements Command {
        private String persistenceId() {
            return DestinationJournal.persistenceId(id).id();
        }
    }

    /** A query has ended; {@code found} is null if it failed. */
    private record QueryEnded(List<Find> asked, Map<String, DestinationJournal.JournalState> found, Throwable failure)
            implements Command {}

    private enum QueryDue implements Command {
        INSTANCE
    }

    /** Asks again for journals with a record that cannot be read. */
    private record UnreadableDue(List<Find> asked) implements Command {}

    static Behavior<Command> create(
            JournalQuery query, DestinationJournal.JournalSetup shared, Consumer<Runnable> blocking) {
        return Behaviors.supervise(Behaviors.<Command>setup(context -> Behaviors.withTimers(
                        timers -> new JournalHeadsActor(context, timers, query, shared, blocking))))
                .onFailure(SupervisorStrategy.resume());
    }

    private final TimerScheduler<Command> timers;
    private final JournalQuery query;
    private final DestinationJournal.JournalSetup shared;
    private final Consumer<Runnable> blocking;
    private final List<Find> waiting = new ArrayList<>();
    private boolean isQuerying;
    private Duration backoff = Duration.ZERO;

    private JournalHeadsActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            JournalQuery query,
            DestinationJournal.JournalSetup shared,
            Consumer<Runnable> blocking) {
        super(context);
        this.timers = timers;
        this.query = query;
        this.shared = shared;
        this.blocking = blocking;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Find.class, this::onFind)
                .onMessage(QueryEnded.class, this::onQueryEnded)
                .onMessageEquals(QueryDue.INSTANCE, this::queryNext)
                .onMessage(UnreadableDue.class, due -> findAgain(due.asked()))
                .onSignal(PostStop.class, stop -> {
                    shared.silence().stopped(getContext().getSelf());
                    return this;
                })
                .build();
    }

    private Behavior<Command> onFind(Find find) {
        return findAgain(List.of(find));
    }

    private Behavior<Command> findAgain(List<Find> asked) {
        waiting.addAll(asked);
        shared.silence().asked(getContext().getSelf());
        return timers.isTimerActive(QueryDue.INSTANCE) ? this : queryNext();
    }

    private Behavior<Command> queryNext() {
        if (isQuerying || waiting.isEmpty()) {
            return this;
        }
        isQuerying = true;
        List<Find> first = waiting.subList(0, Math.min(MOST, waiting.size()));
        List<Find> asked = List.copyOf(first);
        first.clear();
        ActorRef<Command> self = getContext().getSelf();
        blocking.accept(() -> self.tell(read(asked)));
        return this;
    }

    private QueryEnded read(List<Find> asked) {
        try {
            return new QueryEnded(
                    asked, query.read(asked.stream().map(Find::persistenceId).toList()), null);
        } catch (Throwable e) {
            // An error must not end the reading for good either.
            return new QueryEnded(asked, null, e);
        }
    }

    private Behavior<Command> onQueryEnded(QueryEnded ended) {
        isQuerying = false;
        if (ended.found() == null) {
            shared.notRead(getContext().getLog(), ended.failure());
            waiting.addAll(ended.asked());
            timers.startSingleTimer(QueryDue.INSTANCE, nextBackoff());
            return this;
        }
        backoff = Duration.ZERO;
        shared.read(getContext().getLog());
        shared.silence().answered();
        answer(ended.asked(), ended.found());
        if (!waiting.isEmpty()) {
            shared.silence().asked(getContext().getSelf());
        }
        return queryNext();
    }

    private Duration nextBackoff() {
        Duration next = backoff.isZero() ? shared.backoffLeast() : backoff.multipliedBy(2);
        backoff = next.compareTo(shared.backoffMost()) > 0 ? shared.backoffMost() : next;
        return backoff;
    }

    private void answer(List<Find> asked, Map<String, DestinationJournal.JournalState> found) {
        List<Find> unreadable = new ArrayList<>();
        for (Find find : asked) {
            DestinationJournal.JournalState kept = found.get(find.persistenceId());
            if (kept == null) {
                unreadable.add(find);
            } else {
                find.replyTo().tell(new DestinationJournal.Found(kept.newest()));
            }
        }
        if (!unreadable.isEmpty()) {
            getContext()
                    .getLog()
                    .warn(
                            "the journals of {} destinations cannot be read, such as {}; another attempt follows",
                            unreadable.size(),
                            unreadable.get(0).id());
            UnreadableDue due = new UnreadableDue(unreadable);
            timers.startSingleTimer(due, due, shared.backoffMost().multipliedBy(6));
        }
    }
}
