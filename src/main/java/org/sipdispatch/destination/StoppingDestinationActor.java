package org.sipdispatch.destination;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.time.Duration;
import org.sipdispatch.destination.DestinationActor.Command;
import org.sipdispatch.destination.DestinationActor.JournalReply;
import org.sipdispatch.destination.DestinationActor.StatusReplicated;
import org.sipdispatch.destination.DestinationActor.StoppingTimeout;

/**
 * The actor of a destination after {@link DestinationActor.Stop}. It sends no more pings. For a short time it lets its
 * journal, a child that stops with it, save the pending changes, and replies to the waiting operators.
 */
final class StoppingDestinationActor extends AbstractBehavior<Command> {
    /** Much shorter than the time that cluster sharding allows a shard for its hand-off. */
    private static final Duration ENDING = Duration.ofSeconds(1);

    static Behavior<Command> create(
            DestinationActorContext destination, JournalWriter journal, OrderConfirmation confirmation) {
        destination.timers().cancelAll();
        StoppingDestinationActor ending = new StoppingDestinationActor(destination, journal, confirmation);
        if (ending.isDone()) {
            return Behaviors.stopped();
        }
        destination.timers().startSingleTimer(StoppingTimeout.INSTANCE, ENDING);
        return ending;
    }

    private final JournalWriter journal;
    private final OrderConfirmation confirmation;

    private StoppingDestinationActor(
            DestinationActorContext destination, JournalWriter journal, OrderConfirmation confirmation) {
        super(destination.context());
        this.journal = journal;
        this.confirmation = confirmation;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(JournalReply.class, this::onJournalReply)
                .onMessage(StatusReplicated.class, this::onStatusReplicated)
                .onMessageEquals(StoppingTimeout.INSTANCE, this::onStoppingTimeout)
                .onMessage(Command.class, command -> this)
                .build();
    }

    private Behavior<Command> onJournalReply(JournalReply said) {
        journal.onReply(said.answer(), StatusVersion.NONE);
        confirmation.onJournalReply(said.answer());
        return stopWhenDone();
    }

    private Behavior<Command> onStatusReplicated(StatusReplicated spread) {
        confirmation.replicated(spread.version(), spread.version());
        return stopWhenDone();
    }

    /** Operators who still wait get no success reply: perhaps no other node knows their order. */
    private Behavior<Command> onStoppingTimeout() {
        return Behaviors.stopped();
    }

    private Behavior<Command> stopWhenDone() {
        return isDone() ? Behaviors.stopped() : this;
    }

    private boolean isDone() {
        return journal.isEmpty() && confirmation.isEmpty();
    }
}
