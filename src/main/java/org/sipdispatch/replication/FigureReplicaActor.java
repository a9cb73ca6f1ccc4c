package org.sipdispatch.replication;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.LWWMap;
import akka.cluster.ddata.LWWMapKey;
import akka.cluster.ddata.SelfUniqueAddress;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import org.sipdispatch.membership.Supervision;

/**
 * Replicates the pushed figures of one cluster session: publishes those pushed to this node, and gives
 * {@link PushedFigures} those of all nodes. Removes a figure that has expired here, so that a node that joins later does
 * not receive it.
 */
public final class FigureReplicaActor extends AbstractBehavior<FigureReplicaActor.Command> {
    private static final Key<LWWMap<String, PushedFigure>> FIGURES = LWWMapKey.create("figures");
    private static final Duration LOOK = Duration.ofSeconds(1);

    public sealed interface Command {}

    /** {@code figure}: null to remove it. */
    private record Publish(String name, PushedFigure figure, CompletableFuture<Void> done) implements Command {}

    private record Published(
            Publish order, Replicator.UpdateResponse<LWWMap<String, PushedFigure>> response, Throwable failure)
            implements Command {}

    private record ReplicaChanged(Replicator.SubscribeResponse<LWWMap<String, PushedFigure>> change)
            implements Command {}

    private enum ReplicaCheckDue implements Command {
        INSTANCE
    }

    public static Behavior<Command> create(PushedFigures figures) {
        return Supervision.resuming(Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new FigureReplicaActor(context, timers, figures))));
    }

    private final PushedFigures figures;
    private final SelfUniqueAddress self;
    private final ActorRef<Replicator.Command> replicator;
    private final Map<String, PushedFigure> replicated = new HashMap<>();

    private FigureReplicaActor(ActorContext<Command> context, TimerScheduler<Command> timers, PushedFigures figures) {
        super(context);
        this.figures = figures;
        DistributedData data = DistributedData.get(context.getSystem());
        self = data.selfUniqueAddress();
        replicator = data.replicator();
        ActorRef<Replicator.SubscribeResponse<LWWMap<String, PushedFigure>>> subscriber =
                context.messageAdapter(responseType(), ReplicaChanged::new);
        replicator.tell(new Replicator.Subscribe<>(FIGURES, subscriber));
        timers.startTimerWithFixedDelay(ReplicaCheckDue.INSTANCE, LOOK);
        ActorRef<Command> own = context.getSelf();
        figures.publishThrough((name, figure, done) -> own.tell(new Publish(name, figure, done)));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Class<Replicator.SubscribeResponse<LWWMap<String, PushedFigure>>> responseType() {
        return (Class) Replicator.SubscribeResponse.class;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Publish.class, this::onPublish)
                .onMessage(Published.class, this::onPublished)
                .onMessage(ReplicaChanged.class, this::onReplicaChanged)
                .onMessageEquals(ReplicaCheckDue.INSTANCE, this::onLook)
                .build();
    }

    private Behavior<Command> onPublish(Publish order) {
        UnaryOperator<LWWMap<String, PushedFigure>> change = order.figure() == null
                ? known -> known.remove(self, order.name())
                : known -> known.put(self, order.name(), order.figure());
        update(change, order);
        return this;
    }

    /** {@code order}: the order to answer; null for none. */
    @SuppressWarnings("unchecked")
    private void update(UnaryOperator<LWWMap<String, PushedFigure>> change, Publish order) {
        Class<Replicator.UpdateResponse<LWWMap<String, PushedFigure>>> answer =
                (Class<Replicator.UpdateResponse<LWWMap<String, PushedFigure>>>)
                        (Class<?>) Replicator.UpdateResponse.class;
        getContext()
                .ask(
                        answer,
                        replicator,
                        LOOK.multipliedBy(2),
                        replyTo -> new Replicator.Update<>(
                                FIGURES, LWWMap.empty(), Replicator.writeLocal(), replyTo, change::apply),
                        (response, failure) -> new Published(order, response, failure));
    }

    /** Traffic uses the figure before the client has the answer. */
    private Behavior<Command> onPublished(Published published) {
        Publish order = published.order();
        if (order == null) {
            return this;
        } else if (!(published.response() instanceof Replicator.UpdateSuccess)) {
            order.done()
                    .completeExceptionally(new RejectedExecutionException(
                            "figure " + order.name() + ": not stored (expected: stored by the replicator)"));
            return this;
        }
        if (order.figure() == null) {
            drop(order.name());
        } else {
            learn(order.name(), order.figure());
        }
        order.done().complete(null);
        return this;
    }

    private Behavior<Command> onReplicaChanged(ReplicaChanged message) {
        if (message.change() instanceof Replicator.Changed<LWWMap<String, PushedFigure>> changed) {
            Map<String, PushedFigure> all = changed.get(FIGURES).getEntries();
            replicated.keySet().stream()
                    .filter(name -> !all.containsKey(name))
                    .toList()
                    .forEach(this::drop);
            all.forEach(this::learn);
        }
        return this;
    }

    private void learn(String name, PushedFigure figure) {
        if (!figure.equals(replicated.put(name, figure))) {
            figures.learn(name, figure);
        }
    }

    private void drop(String name) {
        PushedFigure figure = replicated.remove(name);
        if (figure != null) {
            figures.forget(name, figure);
        }
    }

    /** Removes the expired figures from the replicator. */
    private Behavior<Command> onLook() {
        Map<String, PushedFigure> alive = figures.all();
        Map<String, PushedFigure> expired = new HashMap<>(replicated);
        expired.keySet().removeAll(alive.keySet());
        expired.forEach((name, figure) -> {
            replicated.remove(name);
            update(known -> figure.equals(known.getEntries().get(name)) ? known.remove(self, name) : known, null);
        });
        return this;
    }
}
