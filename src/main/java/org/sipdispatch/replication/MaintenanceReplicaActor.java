package org.sipdispatch.replication;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.ClusterEvent.ClusterDomainEvent;
import akka.cluster.ClusterEvent.MemberEvent;
import akka.cluster.ClusterEvent.ReachabilityEvent;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.LWWMap;
import akka.cluster.ddata.LWWMapKey;
import akka.cluster.ddata.SelfUniqueAddress;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.typed.Cluster;
import java.util.Map;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.membership.Supervision;

/** Replicates in one cluster session which nodes are in maintenance: publishes this node's state, receives all. */
public final class MaintenanceReplicaActor extends AbstractBehavior<MaintenanceReplicaActor.Command> {
    private static final Key<LWWMap<String, String>> MAINTENANCE = LWWMapKey.create("maintenance");

    public sealed interface Command {}

    private record Publish(NodeMaintenance own) implements Command {}

    private record ReplicaChanged(Replicator.SubscribeResponse<LWWMap<String, String>> change) implements Command {}

    private record MembersChanged(ClusterDomainEvent event) implements Command {}

    public static Behavior<Command> create(MaintenanceStates states) {
        return Supervision.resuming(Behaviors.setup(context -> new MaintenanceReplicaActor(context, states)));
    }

    private final MaintenanceStates states;
    private final SelfUniqueAddress self;
    private final String address;
    private final ActorRef<Replicator.Command> replicator;
    private String published;

    private MaintenanceReplicaActor(ActorContext<Command> context, MaintenanceStates states) {
        super(context);
        this.states = states;
        DistributedData data = DistributedData.get(context.getSystem());
        self = data.selfUniqueAddress();
        replicator = data.replicator();
        Cluster cluster = Cluster.get(context.getSystem());
        address = ClusterMember.address(cluster.selfMember());
        ActorRef<ClusterDomainEvent> members = context.messageAdapter(ClusterDomainEvent.class, MembersChanged::new);
        cluster.subscriptions().tell(new akka.cluster.typed.Subscribe<>(members.narrow(), MemberEvent.class));
        cluster.subscriptions().tell(new akka.cluster.typed.Subscribe<>(members.narrow(), ReachabilityEvent.class));
        ActorRef<Replicator.SubscribeResponse<LWWMap<String, String>>> subscriber =
                context.messageAdapter(responseType(), ReplicaChanged::new);
        replicator.tell(new Replicator.Subscribe<>(MAINTENANCE, subscriber));
        ActorRef<Command> own = context.getSelf();
        states.publishThrough(state -> own.tell(new Publish(state)));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Class<Replicator.SubscribeResponse<LWWMap<String, String>>> responseType() {
        return (Class) Replicator.SubscribeResponse.class;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Publish.class, this::onPublish)
                .onMessage(ReplicaChanged.class, this::onReplicaChanged)
                .onMessage(MembersChanged.class, this::onMembersChanged)
                .build();
    }

    private Behavior<Command> onPublish(Publish publish) {
        published = publish.own().encoded();
        put();
        return this;
    }

    private void put() {
        String encoded = published;
        replicator.tell(new Replicator.Update<>(
                MAINTENANCE,
                LWWMap.<String, String>empty(),
                Replicator.writeLocal(),
                getContext().getSystem().ignoreRef(),
                known -> known.put(self, address, encoded)));
    }

    private Behavior<Command> onReplicaChanged(ReplicaChanged message) {
        if (message.change() instanceof Replicator.Changed<LWWMap<String, String>> changed) {
            Map<String, String> all = changed.get(MAINTENANCE).getEntries();
            states.learn(NodeMaintenance.decoded(all));
            putAgainIfOlderWins(all.get(address));
        }
        return this;
    }

    /** The clock of this node may have been ahead when an earlier process of it published its state. */
    private void putAgainIfOlderWins(String replicated) {
        if (replicated != null && published != null && !replicated.equals(published)) {
            put();
        }
    }

    private Behavior<Command> onMembersChanged(MembersChanged changed) {
        states.membersChanged();
        return this;
    }
}
