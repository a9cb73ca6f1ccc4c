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
 * Parent of all actors of this node in one session. Each child states its supervision strategy in its {@code create}. A
 * child that stops nevertheless ends the session, because the node would silently run without a part of its functions;
 * the next session starts all children again.
 */
final class NodeGuardian extends AbstractBehavior<NodeGuardian.Spawn<?>> {
    private static final Logger LOG = LoggerFactory.getLogger(NodeGuardian.class);
    private static final int SECONDS_TO_SPAWN = 10;

    /** Requests a child actor. */
    record Spawn<C>(Behavior<C> behavior, String name, Props props, CompletableFuture<ActorRef<C>> spawned) {}

    static Behavior<Spawn<?>> create() {
        return Behaviors.setup(NodeGuardian::new);
    }

    /**
     * Spawns a child of the system's guardian and waits until it is started, so that its first messages are not lost.
     */
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
                "{} has stopped; this node leaves the cluster and rejoins it",
                child.getRef().path());
        return Behaviors.stopped();
    }
}
