package org.sipdispatch.destination;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.time.Duration;
import org.sipdispatch.destination.DestinationActor.Command;
import org.sipdispatch.destination.DestinationActor.EndingDue;
import org.sipdispatch.destination.DestinationActor.JournalSaid;
import org.sipdispatch.destination.DestinationActor.Spread;

/**
 * The actor of a destination after {@link Stop}. It sends no more pings. For a short time it lets its journal, a child
 * that stops with it, save the pending changes, and replies to the waiting operators.
 */
final class EndingActor extends AbstractBehavior<Command> {
    /** Much shorter than the time that cluster sharding allows a shard for its hand-off. */
    private static final Duration ENDING = Duration.ofSeconds(1);

    static Behavior<Command> create(LoadingActor.Surroundings here, WayToJournal journal, Receipts receipts) {
        here.timers().cancelAll();
        EndingActor ending = new EndingActor(here, journal, receipts);
        if (ending.isDone()) {
            return Behaviors.stopped();
        }
        here.timers().startSingleTimer(EndingDue.INSTANCE, ENDING);
        return ending;
    }

    private final WayToJournal journal;
    private final Receipts receipts;

    private EndingActor(LoadingActor.Surroundings here, WayToJournal journal, Receipts receipts) {
        super(here.context());
        this.journal = journal;
        this.receipts = receipts;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(JournalSaid.class, this::onJournalSaid)
                .onMessage(Spread.class, this::onSpread)
                .onMessageEquals(EndingDue.INSTANCE, this::onEndingDue)
                .onMessage(Command.class, command -> this)
                .build();
    }

    private Behavior<Command> onJournalSaid(JournalSaid said) {
        journal.said(said.answer());
        receipts.said(said.answer());
        return goOn();
    }

    private Behavior<Command> onSpread(Spread spread) {
        receipts.spread(spread.version());
        return goOn();
    }

    /** Operators who still wait get no success reply: perhaps no other node knows their order. */
    private Behavior<Command> onEndingDue() {
        return Behaviors.stopped();
    }

    private Behavior<Command> goOn() {
        return isDone() ? Behaviors.stopped() : this;
    }

    private boolean isDone() {
        return journal.hasAll() && receipts.isEmpty();
    }
}
