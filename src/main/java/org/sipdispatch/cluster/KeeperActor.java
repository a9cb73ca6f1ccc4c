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
import java.util.Collections;
import java.util.Iterator;
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
    private static final Duration AGAIN = Duration.ofSeconds(1);
    /** So many at once, or what waits for another node would be dropped where there are thousands. */
    private static final int SLICE = 200;

    private static final Duration BETWEEN_SLICES = Duration.ofMillis(20);

    /** What it can be told. */
    sealed interface Command {}

    /** The newest definitions. */
    record Defined(long revision, List<Definition> all, List<Removal> removals) implements Command {}

    private enum MembersChanged implements Command {
        INSTANCE
    }

    private enum RoundDue implements Command {
        INSTANCE
    }

    private enum SliceDue implements Command {
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
    private long revision;
    private Iterator<Map.Entry<String, Definition>> round = Collections.emptyIterator();
    private boolean another;

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
                .onMessageEquals(RoundDue.INSTANCE, this::onRoundDue)
                .onMessageEquals(SliceDue.INSTANCE, this::onSliceDue)
                .build();
    }

    private Behavior<Command> onDefined(Defined news) {
        Map<String, Definition> before = defined;
        defined = new LinkedHashMap<>();
        news.all().forEach(definition -> defined.putIfAbsent(definition.id(), definition));
        Removal removal = Removal.between(news.removals(), revision, news.revision());
        revision = news.revision();
        before.keySet().stream()
                .filter(id -> !defined.containsKey(id))
                .forEach(id ->
                        destinations.tell(id, new DestinationActor.Remove(revision, removal.who(), removal.why())));
        round = Collections.emptyIterator();
        timers.startTimerWithFixedDelay(RoundDue.INSTANCE, AGAIN);
        return onRoundDue();
    }

    /** A shard finds its new home only when somebody asks for it, and some time after its node was taken out. */
    private Behavior<Command> onMembersChanged() {
        for (int i = 0; i < AFTER_CHANGE.size(); i++) {
            timers.startSingleTimer("after-change-" + i, RoundDue.INSTANCE, AFTER_CHANGE.get(i));
        }
        return this;
    }

    /** One node's telling is enough: the leader's, which in a cluster that was cut each part has. */
    private Behavior<Command> onRoundDue() {
        Cluster cluster = Cluster.get(getContext().getSystem());
        if (!cluster.selfMember().address().equals(cluster.state().getLeader())) {
            return this;
        }
        another = round.hasNext();
        if (!another) {
            round = defined.entrySet().iterator();
            onSliceDue();
        }
        return this;
    }

    private Behavior<Command> onSliceDue() {
        for (int i = 0; i < SLICE && round.hasNext(); i++) {
            Map.Entry<String, Definition> next = round.next();
            destinations.tell(next.getKey(), new DestinationActor.Define(next.getValue()));
        }
        if (!round.hasNext() && another) {
            another = false;
            round = defined.entrySet().iterator();
        }
        if (round.hasNext()) {
            timers.startSingleTimer(SliceDue.INSTANCE, BETWEEN_SLICES);
        }
        return this;
    }
}
