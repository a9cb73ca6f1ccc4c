package org.sipdispatch.cluster;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ClusterEvent;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationActor;

/**
 * Keeps an actor alive for each destination that is defined, by telling it so: after each change of the definitions or
 * of the cluster, and every now and then. No store has to be up for that, as it would for Akka's own remembering.
 */
final class KeeperActor extends AbstractBehavior<KeeperActor.Command> {
    private static final List<Duration> AFTER_CHANGE = List.of(
            Duration.ZERO,
            Duration.ofMillis(300),
            Duration.ofMillis(700),
            Duration.ofMillis(1200),
            Duration.ofMillis(2000),
            Duration.ofMillis(4000));
    private static final int PER_SECOND = 1000;

    /** What it can be told. */
    sealed interface Command {}

    /** The newest definitions. */
    record Defined(long revision, List<Definition> all) implements Command {}

    private enum MembersChanged implements Command {
        INSTANCE
    }

    private enum TellAll implements Command {
        INSTANCE
    }

    private enum Now implements Command {
        INSTANCE
    }

    /** Where the destinations' actors are. */
    interface Destinations {
        void tell(String id, DestinationActor.Command command);
    }

    static Behavior<Command> create(Destinations destinations) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new KeeperActor(context, timers, destinations)));
    }

    private final TimerScheduler<Command> timers;
    private final Destinations destinations;
    private Map<String, Definition> defined = Map.of();

    private KeeperActor(ActorContext<Command> context, TimerScheduler<Command> timers, Destinations destinations) {
        super(context);
        this.timers = timers;
        this.destinations = destinations;
        // Not all cluster events: each round of gossip is one, and telling a thousand destinations for each is a storm.
        Cluster cluster = Cluster.get(context.getSystem());
        cluster.subscriptions()
                .tell(Subscribe.create(
                        context.messageAdapter(ClusterEvent.MemberEvent.class, event -> MembersChanged.INSTANCE),
                        ClusterEvent.MemberEvent.class));
        cluster.subscriptions()
                .tell(Subscribe.create(
                        context.messageAdapter(ClusterEvent.ReachabilityEvent.class, event -> MembersChanged.INSTANCE),
                        ClusterEvent.ReachabilityEvent.class));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Defined.class, this::onDefined)
                .onMessageEquals(MembersChanged.INSTANCE, this::onMembersChanged)
                .onMessageEquals(TellAll.INSTANCE, this::onTellAll)
                .onMessageEquals(Now.INSTANCE, this::onNow)
                .build();
    }

    private Behavior<Command> onDefined(Defined news) {
        Map<String, Definition> before = defined;
        defined = new LinkedHashMap<>();
        news.all().forEach(definition -> defined.putIfAbsent(definition.id(), definition));
        before.keySet().stream()
                .filter(id -> !defined.containsKey(id))
                .forEach(id -> destinations.tell(id, new DestinationActor.Remove(news.revision())));
        tellAll();
        Duration period = Duration.ofMillis(Math.max(1000, 1000L * defined.size() / PER_SECOND));
        timers.startTimerWithFixedDelay(TellAll.INSTANCE, TellAll.INSTANCE, period);
        return this;
    }

    /** A shard finds its new home only when somebody asks for it, and some time after its node was taken out. */
    private Behavior<Command> onMembersChanged() {
        for (int i = 0; i < AFTER_CHANGE.size(); i++) {
            timers.startSingleTimer("after-change-" + i, Now.INSTANCE, AFTER_CHANGE.get(i));
        }
        return this;
    }

    private Behavior<Command> onNow() {
        tellAll();
        return this;
    }

    /** One node's telling is enough where nothing changed. */
    private Behavior<Command> onTellAll() {
        Cluster cluster = Cluster.get(getContext().getSystem());
        if (cluster.selfMember().address().equals(cluster.state().getLeader())) {
            tellAll();
        }
        return this;
    }

    private void tellAll() {
        defined.forEach((id, definition) -> destinations.tell(id, new DestinationActor.Define(definition)));
    }
}
