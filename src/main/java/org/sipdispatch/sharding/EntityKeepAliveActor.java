package org.sipdispatch.sharding;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ClusterEvent;
import akka.cluster.MemberStatus;
import akka.cluster.sharding.ShardRegion;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.Removal;
import org.sipdispatch.membership.Supervision;

/**
 * Keeps an actor alive for each destination that is defined, by telling it so: after each change of the definitions or
 * of the cluster, and every now and then. No store has to be up for that, as it would for Akka's own remembering.
 *
 * <p>Each node tells the destinations of the shards that are at home there, which costs no way over the network. The
 * leader tells one of each shard, so that every shard has a home.
 */
public final class EntityKeepAliveActor extends AbstractBehavior<EntityKeepAliveActor.Command> {
    private static final List<Duration> AFTER_CHANGE = List.of(
            Duration.ZERO,
            Duration.ofMillis(300),
            Duration.ofMillis(700),
            Duration.ofMillis(1200),
            Duration.ofMillis(2000),
            Duration.ofMillis(4000));
    private static final Duration AGAIN = Duration.ofSeconds(1);
    /** In so many rounds the leader tells all, for a node that does not tell its own. */
    private static final int ROUNDS = 10;
    /** A shard that has begun here is told as a whole, but not again within this time. */
    private static final long SHARD_AGAIN_MS = 500;
    /** So many at once, or what waits for another node would be dropped where there are thousands. */
    private static final int SLICE = 200;

    private static final Duration BETWEEN_SLICES = Duration.ofMillis(20);

    /** What it can be told. */
    public sealed interface Command {}

    /** The newest definitions. */
    public record Defined(long revision, List<Definition> all, List<Removal> removals) implements Command {}

    /** That destination's actor was begun here. */
    public record Begun(String id) implements Command {}

    private record ShardsHere(ShardRegion.CurrentShardRegionState state) implements Command {}

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

        /** The shard that a destination belongs to. */
        String shard(String id);

        /** Asks which shards are at home here. */
        void askShards(ActorRef<ShardRegion.CurrentShardRegionState> replyTo);
    }

    /** {@code nodes}: how many there are to be. */
    public static Behavior<Command> create(Destinations destinations, int nodes) {
        return Supervision.resuming(Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new EntityKeepAliveActor(context, timers, destinations, new Gathering(nodes)))));
    }

    private final TimerScheduler<Command> timers;
    private final Destinations destinations;
    private final Gathering gathering;
    private final ActorRef<ShardRegion.CurrentShardRegionState> shards;
    private final Set<String> untold = new LinkedHashSet<>();
    private final Map<String, Long> begunMs = new HashMap<>();
    private DefinedShards defined;
    private long revision;
    private long rounds;

    private EntityKeepAliveActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Destinations destinations,
            Gathering gathering) {
        super(context);
        this.timers = timers;
        this.gathering = gathering;
        this.destinations = destinations;
        defined = new DefinedShards(List.of(), destinations::shard);
        shards = context.messageAdapter(ShardRegion.CurrentShardRegionState.class, ShardsHere::new);
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
                .onMessage(Begun.class, this::onBegun)
                .onMessage(ShardsHere.class, this::onShardsHere)
                .onMessageEquals(MembersChanged.INSTANCE, this::onMembersChanged)
                .onMessageEquals(RoundDue.INSTANCE, this::onRoundDue)
                .onMessageEquals(SliceDue.INSTANCE, this::onSliceDue)
                .build();
    }

    private Behavior<Command> onDefined(Defined news) {
        Set<String> before = defined.ids();
        defined = new DefinedShards(news.all(), destinations::shard);
        Removal removal = Removal.between(news.removals(), revision, news.revision());
        revision = news.revision();
        before.stream()
                .filter(id -> defined.get(id) == null)
                .forEach(id ->
                        destinations.tell(id, new DestinationActor.Remove(revision, removal.who(), removal.why())));
        untold.removeIf(id -> defined.get(id) == null);
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

    /** Of a cluster that was cut each part has a leader. */
    private Behavior<Command> onRoundDue() {
        destinations.askShards(shards);
        Cluster cluster = Cluster.get(getContext().getSystem());
        boolean met = gathering.isOver(members(cluster), System.nanoTime() / 1_000_000);
        if (met && cluster.selfMember().address().equals(cluster.state().getLeader())) {
            rounds++;
            tell(defined.oneOfEach());
            tell(defined.part(rounds, ROUNDS));
        }
        return this;
    }

    private static int members(Cluster cluster) {
        boolean isMember = cluster.selfMember().status().equals(MemberStatus.up());
        return isMember
                ? (int) StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                        .filter(member -> member.status().equals(MemberStatus.up()))
                        .count()
                : 0;
    }

    private Behavior<Command> onShardsHere(ShardsHere here) {
        here.state().getShards().forEach(shard -> tell(defined.of(shard.shardId())));
        here.state().getFailed().forEach(shard -> tell(defined.of(shard)));
        return this;
    }

    /** The others of its shard do not wait for the next round. */
    private Behavior<Command> onBegun(Begun begun) {
        String shard = destinations.shard(begun.id());
        long nowMs = System.nanoTime() / 1_000_000;
        Long beforeMs = begunMs.get(shard);
        if (beforeMs == null || nowMs - beforeMs > SHARD_AGAIN_MS) {
            begunMs.put(shard, nowMs);
            tell(defined.of(shard));
        }
        return this;
    }

    private void tell(List<String> ids) {
        untold.addAll(ids);
        if (!timers.isTimerActive(SliceDue.INSTANCE)) {
            onSliceDue();
        }
    }

    private Behavior<Command> onSliceDue() {
        Iterator<String> next = untold.iterator();
        for (int i = 0; i < SLICE && next.hasNext(); i++) {
            String id = next.next();
            next.remove();
            destinations.tell(id, new DestinationActor.Define(defined.get(id)));
        }
        if (!untold.isEmpty()) {
            timers.startSingleTimer(SliceDue.INSTANCE, BETWEEN_SLICES);
        }
        return this;
    }
}
