package org.sipdispatch.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parent of all actors of this node in one session. Each child states its supervision strategy in its {@code create}. A
 * child that stops all the same ends the session, since a node without it would go on silently with a part of its work
 * undone; the next session starts all of them.
 */
final class NodeGuardian extends AbstractBehavior<NodeGuardian.Spawn<?>> {
    private static final Logger LOG = LoggerFactory.getLogger(NodeGuardian.class);
    private static final int SECONDS_TO_SPAWN = 10;

    /** Starts a child. */
    record Spawn<C>(Behavior<C> behavior, String name, Props props, CompletableFuture<ActorRef<C>> spawned) {}

    static Behavior<Spawn<?>> create() {
        return Behaviors.setup(NodeGuardian::new);
    }

    /** Starts a child of that system's guardian and waits until it is there; the first messages may come at once. */
    static <C> ActorRef<C> spawn(ActorSystem<Spawn<?>> system, Behavior<C> behavior, String name, Props props) {
        CompletableFuture<ActorRef<C>> spawned = new CompletableFuture<>();
        system.tell(new Spawn<>(behavior, name, props, spawned));
        return spawned.orTimeout(SECONDS_TO_SPAWN, TimeUnit.SECONDS).join();
    }

    private NodeGuardian(ActorContext<Spawn<?>> context) {
        super(context);
    }

    @Override
    public Receive<Spawn<?>> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::onSpawn)
                .onSignal(Terminated.class, this::onTerminated)
                .build();
    }

    private <C> Behavior<Spawn<?>> onSpawn(Spawn<C> spawn) {
        ActorRef<C> child = getContext().spawn(spawn.behavior(), spawn.name(), spawn.props());
        getContext().watch(child);
        spawn.spawned().complete(child);
        return this;
    }

    private Behavior<Spawn<?>> onTerminated(Terminated child) {
        LOG.error(
                "{} has stopped; this node leaves the cluster and joins again",
                child.getRef().path());
        return Behaviors.stopped();
    }
}
