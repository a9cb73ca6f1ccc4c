package org.sipdispatch.replication;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import java.time.Duration;
import java.util.List;
import org.sipdispatch.destination.WireMessage;
import org.sipdispatch.membership.MembershipLease;
import org.sipdispatch.membership.OtherNodes;
import org.sipdispatch.membership.Supervision;

/**
 * Asks the other nodes for the statuses that they know while this node is in no cluster, and answers the same question of
 * theirs. A node that was cut off, or left because the others stood still, goes on with calls until it has joined again: with the
 * newest that any node can tell.
 */
public final class StatusTransferActor extends AbstractBehavior<StatusTransferActor.Command> {
    /** Where it is found on each node. */
    public static final String NAME = "status-transfer";

    private static final Duration INTERVAL = Duration.ofMillis(200);

    /** What it can be told. */
    public sealed interface Command {}

    /** Another node, in no cluster now, asks for all statuses. */
    public record Question(ActorRef<Command> replyTo) implements Command, WireMessage {}

    /** A part of them. */
    public record Answer(Statuses statuses) implements Command, WireMessage {}

    private enum Tick implements Command {
        INSTANCE
    }

    /**
     * What it needs.
     *
     * @param others the nodes that this one may join
     */
    public record Setup(
            List<Address> others, MembershipLease lease, ReplicatedStatuses board, ActorRef<ViewActor.Command> view) {}

    public static Behavior<Command> create(Setup setup) {
        return Supervision.resuming(Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new StatusTransferActor(context, timers, setup))));
    }

    private final Setup setup;
    private final Cluster cluster;

    private StatusTransferActor(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
        super(context);
        this.setup = setup;
        cluster = Cluster.get(context.getSystem());
        timers.startTimerWithFixedDelay(Tick.INSTANCE, Duration.ZERO, INTERVAL);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(Tick.INSTANCE, this::onTick)
                .onMessage(Question.class, this::onQuestion)
                .onMessage(Answer.class, this::onAnswer)
                .build();
    }

    private boolean isMember() {
        return !cluster.selfMember().status().equals(MemberStatus.removed());
    }

    private Behavior<Command> onTick() {
        if (!isMember()) {
            // All of them at once: one may be paused, and the newest status may be known to one of them only.
            setup.others().forEach(this::ask);
        }
        return this;
    }

    private void ask(Address other) {
        OtherNodes.tell(
                getContext().getSystem(), other, NAME, new Question(getContext().getSelf()));
    }

    /** Only a node that a majority counts in answers. */
    private Behavior<Command> onQuestion(Question question) {
        if (setup.lease().isCurrent()) {
            setup.board().newestParts(statuses -> question.replyTo().tell(new Answer(statuses)));
        }
        return this;
    }

    private Behavior<Command> onAnswer(Answer answer) {
        if (!isMember()) {
            setup.view().tell(new ViewActor.Told(answer.statuses().byId()));
        }
        return this;
    }
}
