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
 * Keeps an actor running for each defined destination by sending it its definition: after each change of the
 * definitions or of the cluster, and every second. Unlike Akka's remember-entities this needs no store.
 *
 * <p>Each node sends to the destinations of its own shards, which needs no network. The leader sends to one destination
 * of each shard, so that every shard is allocated.
 */
public final class EntityKeepAliveActor extends AbstractBehavior<EntityKeepAliveActor.Command> {
    private static final List<Duration> AFTER_CHANGE = List.of(
            Duration.ZERO,
            Duration.ofMillis(300),
            Duration.ofMillis(700),
            Duration.ofMillis(1200),
            Duration.ofMillis(2000),
            Duration.ofMillis(4000));
    private static final Duration ROUND_INTERVAL = Duration.ofSeconds(1);
    /** In this number of rounds the leader sends to all destinations, for nodes that do not send to their own. */
    private static final int ROUNDS = 10;
    /** After an actor has started here, all definitions of its shard are sent, but not again within this time. */
    private static final long SHARD_AGAIN_MS = 500;
    /** Messages per slice: with thousands at once, sharding would drop messages that it buffers for another node. */
    private static final int SLICE = 200;

    private static final Duration BETWEEN_SLICES = Duration.ofMillis(20);

    public sealed interface Command {}

    /** The newest definitions. */
    public record Defined(long revision, List<Definition> all, List<Removal> removals) implements Command {}

    /** A destination's actor has started on this node. */
    public record Started(String id) implements Command {}

    private record LocalShards(ShardRegion.CurrentShardRegionState state) implements Command {}

    private enum MembersChanged implements Command {
        INSTANCE
    }

    private enum RoundDue implements Command {
        INSTANCE
    }

    private enum SliceDue implements Command {
        INSTANCE
    }

    /** Access to the destinations' actors and their shards. */
    interface Destinations {
        void tell(String id, DestinationActor.Command command);

        /** The shard of a destination. */
        String shard(String id);

        /** Asks for the shards of this node. */
        void requestLocalShards(ActorRef<ShardRegion.CurrentShardRegionState> replyTo);
    }

    /** {@code nodes}: the expected number of nodes. */
    public static Behavior<Command> create(Destinations destinations, int nodes) {
        return Supervision.resuming(Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new EntityKeepAliveActor(context, timers, destinations, new StartupBarrier(nodes)))));
    }

    private final TimerScheduler<Command> timers;
    private final Destinations destinations;
    private final StartupBarrier startupBarrier;
    private final ActorRef<ShardRegion.CurrentShardRegionState> shards;
    private final Set<String> pending = new LinkedHashSet<>();
    private final Map<String, Long> startedMs = new HashMap<>();
    private DefinitionsByShard defined;
    private long revision;
    private long rounds;

    private EntityKeepAliveActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Destinations destinations,
            StartupBarrier gathering) {
        super(context);
        this.timers = timers;
        this.startupBarrier = gathering;
        this.destinations = destinations;
        defined = new DefinitionsByShard(List.of(), destinations::shard);
        shards = context.messageAdapter(ShardRegion.CurrentShardRegionState.class, LocalShards::new);
        // Not all cluster events: each round of gossip is one, and sending thousands of definitions for each would
        // flood the cluster.
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
                .onMessage(Started.class, this::onStarted)
                .onMessage(LocalShards.class, this::onLocalShards)
                .onMessageEquals(MembersChanged.INSTANCE, this::onMembersChanged)
                .onMessageEquals(RoundDue.INSTANCE, this::onRoundDue)
                .onMessageEquals(SliceDue.INSTANCE, this::onSliceDue)
                .build();
    }

    private Behavior<Command> onDefined(Defined update) {
        Set<String> before = defined.ids();
        defined = new DefinitionsByShard(update.all(), destinations::shard);
        Removal removal = Removal.between(update.removals(), revision, update.revision());
        revision = update.revision();
        before.stream()
                .filter(id -> defined.get(id) == null)
                .forEach(id ->
                        destinations.tell(id, new DestinationActor.Remove(revision, removal.who(), removal.why())));
        pending.removeIf(id -> defined.get(id) == null);
        timers.startTimerWithFixedDelay(RoundDue.INSTANCE, ROUND_INTERVAL);
        return onRoundDue();
    }

    /** A shard is allocated again only when a message is sent to it, some time after its node was removed. */
    private Behavior<Command> onMembersChanged() {
        for (int i = 0; i < AFTER_CHANGE.size(); i++) {
            timers.startSingleTimer("after-change-" + i, RoundDue.INSTANCE, AFTER_CHANGE.get(i));
        }
        return this;
    }

    /** During a network partition each side has a leader. */
    private Behavior<Command> onRoundDue() {
        destinations.requestLocalShards(shards);
        Cluster cluster = Cluster.get(getContext().getSystem());
        boolean met = startupBarrier.isOver(members(cluster), System.nanoTime() / 1_000_000);
        if (met && cluster.selfMember().address().equals(cluster.state().getLeader())) {
            rounds++;
            sendDefinitions(defined.oneOfEach());
            sendDefinitions(defined.part(rounds, ROUNDS));
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

    private Behavior<Command> onLocalShards(LocalShards local) {
        local.state().getShards().forEach(shard -> sendDefinitions(defined.of(shard.shardId())));
        local.state().getFailed().forEach(shard -> sendDefinitions(defined.of(shard)));
        return this;
    }

    /** The other destinations of the shard do not wait for the next round. */
    private Behavior<Command> onStarted(Started begun) {
        String shard = destinations.shard(begun.id());
        long nowMs = System.nanoTime() / 1_000_000;
        Long beforeMs = startedMs.get(shard);
        if (beforeMs == null || nowMs - beforeMs > SHARD_AGAIN_MS) {
            startedMs.put(shard, nowMs);
            sendDefinitions(defined.of(shard));
        }
        return this;
    }

    private void sendDefinitions(List<String> ids) {
        pending.addAll(ids);
        if (!timers.isTimerActive(SliceDue.INSTANCE)) {
            onSliceDue();
        }
    }

    private Behavior<Command> onSliceDue() {
        Iterator<String> next = pending.iterator();
        for (int i = 0; i < SLICE && next.hasNext(); i++) {
            String id = next.next();
            next.remove();
            destinations.tell(id, new DestinationActor.Define(defined.get(id)));
        }
        if (!pending.isEmpty()) {
            timers.startSingleTimer(SliceDue.INSTANCE, BETWEEN_SLICES);
        }
        return this;
    }
}
