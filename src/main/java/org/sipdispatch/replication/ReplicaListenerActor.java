package org.sipdispatch.replication;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ClusterEvent.MemberEvent;
import akka.cluster.ClusterEvent.MemberRemoved;
import akka.cluster.Member;
import akka.cluster.ddata.GSet;
import akka.cluster.ddata.GSetKey;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.LWWMap;
import akka.cluster.ddata.LWWMapKey;
import akka.cluster.ddata.SelfUniqueAddress;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.ddata.typed.javadsl.Replicator.Subscribe;
import akka.cluster.typed.Cluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.sipdispatch.destination.Status;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.membership.PauseDetector;
import org.sipdispatch.membership.Supervision;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sharding.EntityKeepAliveActor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives definitions and statuses from the replicator, gives this node's traffic its views and publishes the snapshot of
 * all destinations. After this node joins again, traffic gets no view until every destination has a status or 5 s have
 * passed: the former session's views are better than the table's initial states.
 */
public final class ReplicaListenerActor extends AbstractBehavior<ReplicaListenerActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaListenerActor.class);

    /** The key of the definitions. */
    static final class DefinitionsKey extends Key<Definitions> {
        private static final long serialVersionUID = 1;

        DefinitionsKey() {
            super("definitions");
        }
    }

    private static final Duration LONGEST = Duration.ofSeconds(5);

    public static final DefinitionsKey DEFINITIONS = new DefinitionsKey();
    public static final Key<GSet<String>> SOCKETS = GSetKey.create("sockets");
    static final Key<LWWMap<String, String>> CHECKSUMS = LWWMapKey.create("checksums");

    public sealed interface Command {}

    /** A majority has confirmed this node after {@code pauses} pauses and has these statuses. */
    public record Confirmed(Map<String, Status> statuses, long pauses) implements Command {}

    /** Statuses of a cluster that this node is not a member of now; {@code done} is run when traffic uses them. */
    public record Transferred(Map<String, Status> statuses, Runnable done) implements Command {}

    /** The last statuses of a session that ends; {@code done} is run when traffic uses them. */
    public record LastStatuses(Map<String, Status> statuses, Runnable done) implements Command {}

    private record MemberChanged(MemberEvent event) implements Command {}

    private record ReplicaChanged(Replicator.SubscribeResponse<?> change) implements Command {}

    private enum WaitOver implements Command {
        INSTANCE
    }

    /**
     * Dependencies of the actor.
     *
     * @param registry what this node knew in its former session; from now on used only by this actor
     * @param complete run when every destination has a status
     * @param detector detects pauses of this process
     */
    public record Setup(
            DestinationRegistry registry,
            TrafficViewUpdater traffic,
            ActorRef<EntityKeepAliveActor.Command> keeper,
            Runnable complete,
            PauseDetector detector) {}

    public static Behavior<Command> create(Setup setup) {
        return Supervision.resuming(Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ReplicaListenerActor(context, timers, setup))));
    }

    private final Setup setup;
    private final TimerScheduler<Command> timers;
    private final DestinationRegistry registry;
    private final ActorRef<Replicator.Command> replicator;
    private final Map<Long, String> nodes = new HashMap<>();
    private final String address;
    /** Of this node's definitions; null before the first ones. */
    private String checksum;

    private boolean published;
    private long confirmedPauses;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private ReplicaListenerActor(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
        super(context);
        this.setup = setup;
        this.timers = timers;
        registry = setup.registry();
        address = ClusterMember.address(Cluster.get(context.getSystem()).selfMember());
        registry.startSession();
        replicator = DistributedData.get(context.getSystem()).replicator();
        ActorRef<Replicator.SubscribeResponse> self =
                context.messageAdapter(Replicator.SubscribeResponse.class, ReplicaChanged::new);
        Cluster.get(context.getSystem())
                .subscriptions()
                .tell(new akka.cluster.typed.Subscribe<>(
                        context.messageAdapter(MemberEvent.class, MemberChanged::new), MemberEvent.class));
        replicator.tell(new Subscribe(DEFINITIONS, self));
        replicator.tell(new Subscribe(SOCKETS, self));
        replicator.tell(new Subscribe(CHECKSUMS, self));
        replicator.tell(new Subscribe(SourceState.KEY, self));
        ReplicatedStatuses.parts().forEach(part -> replicator.tell(new Subscribe(part, self)));
        ReplicatedWeights.parts().forEach(part -> replicator.tell(new Subscribe(part, self)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(ReplicaChanged.class, this::onReplicaChanged)
                .onMessage(MemberChanged.class, this::onMemberChanged)
                .onMessageEquals(WaitOver.INSTANCE, this::onWaitOver)
                .onMessage(Confirmed.class, this::onConfirmed)
                .onMessage(Transferred.class, this::onTransferred)
                .onMessage(LastStatuses.class, this::onLastStatuses)
                .build();
    }

    private Behavior<Command> onReplicaChanged(ReplicaChanged message) {
        if (message.change() instanceof Replicator.Changed<?> changed) {
            if (changed.dataValue() instanceof Statuses statuses) {
                learn(statuses.byId());
            } else if (changed.dataValue() instanceof Definitions definitions) {
                define(definitions);
            } else if (changed.dataValue() instanceof GSet<?> sockets) {
                setup.traffic().learnSockets(sockets(sockets));
            } else if (changed.dataValue() instanceof LWWMap<?, ?> map) {
                learn(changed.key(), map.getEntries());
            }
            if (registry.isComplete()) {
                publishViews();
                setup.complete().run();
            }
        }
        return this;
    }

    private Behavior<Command> onMemberChanged(MemberChanged met) {
        Member member = met.event().member();
        if (met.event() instanceof MemberRemoved) {
            nodes.remove(member.uniqueAddress().longUid());
        } else {
            nodes.put(member.uniqueAddress().longUid(), ClusterMember.address(member));
        }
        registry.setNodes(nodes);
        registry.publish();
        return this;
    }

    private void learn(Key<?> key, Map<?, ?> entries) {
        if (key.equals(CHECKSUMS)) {
            registry.changes().setChecksums(DataChecksum.decoded(entries));
            putChecksumAgainIfOlderWins(entries.get(address));
        } else if (key.equals(SourceState.KEY)) {
            registry.changes().setSources(SourceState.decoded(entries));
        } else {
            learnWeights(entries);
        }
    }

    private void learn(Map<String, Status> statuses) {
        DestinationRegistry.LearnResult learned = registry.learn(statuses);
        if (registry.hasPublishedViews()) {
            learned.changed().forEach(set -> setup.traffic().update(registry.view(set)));
        }
        registry.publish();
    }

    private void learnWeights(Map<?, ?> weights) {
        Map<String, FreeswitchWeight> byId = new HashMap<>();
        weights.forEach((id, weight) -> byId.put((String) id, (FreeswitchWeight) weight));
        Set<SetId> changed = registry.learnWeights(byId);
        if (registry.hasPublishedViews()) {
            changed.forEach(set -> setup.traffic().update(registry.view(set)));
        }
        registry.publish();
    }

    private void publishViews() {
        if (!published) {
            published = true;
            timers.cancel(WaitOver.INSTANCE);
            setup.traffic().replace(registry.views());
            registry.viewsPublished();
            if (confirmedPauses > 0) {
                confirmed(confirmedPauses);
            }
        }
    }

    private Behavior<Command> onConfirmed(Confirmed confirmed) {
        learn(confirmed.statuses());
        confirmedPauses = confirmed.pauses();
        if (published) {
            confirmed(confirmed.pauses());
        }
        return this;
    }

    private Behavior<Command> onTransferred(Transferred transferred) {
        registry.remember(transferred.statuses()).forEach(set -> setup.traffic().update(registry.view(set)));
        registry.publish();
        transferred.done().run();
        return this;
    }

    private Behavior<Command> onLastStatuses(LastStatuses last) {
        learn(last.statuses());
        last.done().run();
        return this;
    }

    private void confirmed(long pauses) {
        setup.detector().confirm(pauses);
        setup.traffic().confirmed(pauses);
    }

    private Behavior<Command> onWaitOver() {
        publishViews();
        return this;
    }

    private void define(Definitions definitions) {
        boolean changed = registry.define(definitions.revision(), definitions.all());
        if (published && changed) {
            setup.traffic().replace(registry.views());
        } else if (!published && !timers.isTimerActive(WaitOver.INSTANCE)) {
            timers.startSingleTimer(WaitOver.INSTANCE, LONGEST);
        }
        registry.publish();
        checksum = DataChecksum.of(definitions.revision(), registry.all()).encoded();
        putChecksum();
        setup.keeper()
                .tell(new EntityKeepAliveActor.Defined(definitions.revision(), registry.all(), definitions.removals()));
        LOG.info(
                "definitions of revision {}: {} destinations",
                definitions.revision(),
                definitions.all().size());
    }

    private void putChecksum() {
        SelfUniqueAddress self = DistributedData.get(getContext().getSystem()).selfUniqueAddress();
        String encoded = checksum;
        replicator.tell(new Replicator.Update<>(
                CHECKSUMS,
                LWWMap.<String, String>empty(),
                Replicator.writeLocal(),
                getContext().getSystem().ignoreRef(),
                known -> known.put(self, address, encoded)));
    }

    /** The clock of this node may have been ahead when an earlier process of it published its checksum. */
    private void putChecksumAgainIfOlderWins(Object replicated) {
        if (replicated != null && checksum != null && !replicated.equals(checksum)) {
            putChecksum();
        }
    }

    /** {@code name=literal}; if two nodes name the same socket differently, all nodes use the same one of the names. */
    private static Map<String, String> sockets(GSet<?> sockets) {
        Map<String, String> names = new HashMap<>();
        for (Object text : new TreeSet<>(sockets.getElements())) {
            String[] parts = ((String) text).split("=", 2);
            names.putIfAbsent(parts[1], parts[0]);
        }
        return names;
    }
}
