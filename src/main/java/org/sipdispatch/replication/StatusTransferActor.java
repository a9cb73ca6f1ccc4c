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
import java.util.function.Supplier;
import org.sipdispatch.destination.WireMessage;
import org.sipdispatch.membership.MembershipLease;
import org.sipdispatch.membership.NodeMessenger;
import org.sipdispatch.membership.Supervision;

/**
 * Asks the other nodes for their statuses while this node is in no cluster, and answers the same question. A node that
 * was cut off, or left because the other nodes were paused, still takes calls until it has joined again: with the
 * newest statuses that any node has.
 */
public final class StatusTransferActor extends AbstractBehavior<StatusTransferActor.Command> {
    /** The actor's name on each node. */
    public static final String NAME = "status-transfer";

    private static final Duration INTERVAL = Duration.ofMillis(200);

    public sealed interface Command {}

    /** Another node, which is in no cluster now, asks for all statuses. */
    public record GetStatuses(ActorRef<Command> replyTo) implements Command, WireMessage {}

    /** A part of the statuses. */
    public record StatusesPart(Statuses statuses) implements Command, WireMessage {}

    /**
     * Statuses that a node without a valid lease knows.
     *
     * @param node its number
     * @param isLast whether it has sent all
     */
    public record KnownStatuses(long node, Statuses statuses, boolean isLast) implements Command, WireMessage {}

    private enum Tick implements Command {
        INSTANCE
    }

    /**
     * Dependencies of the actor.
     *
     * @param others the nodes that this node may join
     * @param known what this node knows
     */
    public record Setup(
            List<Address> others,
            MembershipLease lease,
            ReplicatedStatuses statuses,
            Supplier<DestinationsSnapshot> known,
            ActorRef<ReplicaListenerActor.Command> replicaListener) {}

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
                .onMessage(GetStatuses.class, this::onQuestion)
                .onMessage(StatusesPart.class, this::onAnswer)
                .onMessage(KnownStatuses.class, this::onKnownStatuses)
                .build();
    }

    private boolean isMember() {
        return !cluster.selfMember().status().equals(MemberStatus.removed());
    }

    private Behavior<Command> onTick() {
        if (!isMember()) {
            // All nodes at once: one may be paused, and only one may have the newest status.
            setup.others().forEach(this::ask);
        }
        return this;
    }

    private void ask(Address other) {
        NodeMessenger.tell(
                getContext().getSystem(),
                other,
                NAME,
                new GetStatuses(getContext().getSelf()));
    }

    /**
     * A node with a valid lease answers with the statuses that a majority of its cluster knows, another node with those
     * that it knows.
     */
    private Behavior<Command> onQuestion(GetStatuses question) {
        if (setup.lease().isCurrent()) {
            setup.statuses().newestParts(statuses -> question.replyTo().tell(new StatusesPart(statuses)));
        } else {
            long self = cluster.selfMember().uniqueAddress().longUid();
            List<Statuses> parts = ReplicatedStatuses.split(setup.known().get());
            for (int i = 0; i < parts.size(); i++) {
                question.replyTo().tell(new KnownStatuses(self, parts.get(i), i == parts.size() - 1));
            }
        }
        return this;
    }

    private Behavior<Command> onAnswer(StatusesPart answer) {
        transferred(answer.statuses(), () -> {});
        return this;
    }

    private Behavior<Command> onKnownStatuses(KnownStatuses answer) {
        transferred(
                answer.statuses(), answer.isLast() ? () -> setup.lease().statusesReceived(answer.node()) : () -> {});
        return this;
    }

    private void transferred(Statuses statuses, Runnable done) {
        if (!isMember()) {
            setup.replicaListener().tell(new ReplicaListenerActor.Transferred(statuses.byId(), done));
        }
    }
}
