package org.sipdispatch.cluster;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.setup.Setup;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.cluster.MemberStatus;
import akka.cluster.ddata.GSet;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.SingletonActor;
import akka.management.cluster.bootstrap.ClusterBootstrap;
import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.sipdispatch.definitions.CatalogActor;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.JournalHeadsActor;
import org.sipdispatch.destination.LoadingDestinationActor;
import org.sipdispatch.membership.ArbiterSetup;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.membership.ConfirmationListener;
import org.sipdispatch.membership.FormationActor;
import org.sipdispatch.membership.LeaseActor;
import org.sipdispatch.membership.MembershipLease;
import org.sipdispatch.membership.MonitoredArbiter;
import org.sipdispatch.membership.PauseDetector;
import org.sipdispatch.membership.Supervision;
import org.sipdispatch.replication.DestinationRegistry;
import org.sipdispatch.replication.FigureReplicaActor;
import org.sipdispatch.replication.LastKnownStatuses;
import org.sipdispatch.replication.MaintenanceReplicaActor;
import org.sipdispatch.replication.ReplicaListenerActor;
import org.sipdispatch.replication.ReplicatedStatuses;
import org.sipdispatch.replication.ReplicatorShutdown;
import org.sipdispatch.replication.SingleNodeStatuses;
import org.sipdispatch.replication.StatusReaderActor;
import org.sipdispatch.replication.StatusTransferActor;
import org.sipdispatch.replication.StatusWriterActor;
import org.sipdispatch.sharding.EntityKeepAliveActor;
import org.sipdispatch.sharding.Shards;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session of this node in the cluster: a clustered actor system with all of its actors. */
final class ClusterSession implements SessionLoop.Session {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterSession.class);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Props ORDINARY = Props.empty();
    /** For actors that must answer even if the others are busy. */
    private static final Props URGENT = ORDINARY.withDispatcherFromConfig("akka.actor.internal-dispatcher");

    /**
     * What each session receives from {@link Cluster}, which outlives it.
     *
     * @param fresh whether this is the first session of the process
     * @param names addresses of the nodes that this node has met
     * @param mayExecute whether the operator of an order sent through this node still waits for its result
     * @param complete run when every destination has a status
     */
    record NodeState(
            boolean fresh,
            DestinationRegistry registry,
            MonitoredArbiter arbiter,
            RecentNodeAddresses names,
            PauseDetector detector,
            Predicate<String> mayExecute,
            Runnable complete) {}

    private final ActorSystem<NodeGuardian.Spawn<?>> system;
    private final ClusterSharding sharding;
    private final GossipMembers members;
    private final ActorRef<ReplicaListenerActor.Command> replicaListener;
    private final ActorRef<CatalogActor.Command> catalog;
    private final Peers peers;
    private final ReplicatedStatuses replicatedStatuses;
    private final MembershipLease lease;
    private final NodeState node;
    private final ActorRef<DestinationActor.MayExecute> permissions;
    private final JournalReader journal;
    private final ConfirmedStatuses confirmedStatuses;
    private final AtomicLong orders = new AtomicLong();
    private final AtomicBoolean superseded = new AtomicBoolean();
    private volatile boolean leaving;

    /** Starts a session; if this fails, the actor system is terminated before the exception is thrown. */
    static ClusterSession begin(ClusterDependencies dependencies, Config config, NodeState node, Setup tls) {
        MembershipLease lease =
                new MembershipLease(node.detector(), dependencies.settings().pause(), System::nanoTime);
        ActorSystem<NodeGuardian.Spawn<?>> system = ActorSystem.create(
                NodeGuardian.create(),
                dependencies.settings().name(),
                ActorSystemSetup.create(
                        BootstrapSetup.create(config),
                        new ArbiterSetup(node.arbiter(), lease, node.detector()),
                        dependencies.routeSetup(),
                        tls));
        try {
            return new ClusterSession(system, dependencies, node, lease);
        } catch (RuntimeException e) {
            // The system holds the port that the next session needs.
            SystemTermination.await(system);
            throw e;
        }
    }

    private ClusterSession(
            ActorSystem<NodeGuardian.Spawn<?>> system,
            ClusterDependencies dependencies,
            NodeState node,
            MembershipLease lease) {
        this.system = system;
        this.node = node;
        this.lease = lease;
        sharding = ClusterSharding.get(system);
        members = new GossipMembers(system);
        peers = new Peers(system, dependencies.traffic());
        spawn(peers.subscriber(), "peers", ORDINARY);
        spawn(
                PeerActor.create(new PeerActor.Setup(
                        dependencies.pinger(), lease, dependencies.traffic(), dependencies.calls(), address())),
                "peer",
                ORDINARY);
        Executor blocking = system.dispatchers().lookup(akka.actor.typed.DispatcherSelector.blocking());
        keepLease(dependencies, blocking);
        permissions = spawn(OrderPermissionActor.create(node.mayExecute()), "order-permissions", URGENT);
        ActorRef<Replicator.Command> replicator = DistributedData.get(system).replicator();
        replicatedStatuses = createStatuses(dependencies.lastKnown(), replicator);
        ActorRef<EntityKeepAliveActor.Command> keeper =
                keeper(dependencies.settings().nodes());
        initSharding(dependencies, keeper, heads(dependencies.journal(), blocking));
        replicaListener = spawn(
                ReplicaListenerActor.create(new ReplicaListenerActor.Setup(
                        node.registry(), dependencies.traffic(), keeper, node.complete(), node.detector())),
                "view",
                ORDINARY);
        journal = JournalReader.start(system, dependencies.journal(), node.registry(), node.arbiter(), replicaListener);
        confirmedStatuses = confirmedStatuses();
        receive(dependencies);
        catalog = catalog(dependencies, replicator, blocking);
        begin(dependencies.singletons(), node.names());
        publishSockets(replicator, dependencies.sockets());
        dependencies.routes().serve(system);
        joinCluster(dependencies.settings(), blocking);
    }

    private ActorRef<EntityKeepAliveActor.Command> keeper(int nodes) {
        return spawn(EntityKeepAliveActor.create(new Shards(system, this::tell), nodes), "keeper", ORDINARY);
    }

    private ReplicatedStatuses createStatuses(LastKnownStatuses lastKnown, ActorRef<Replicator.Command> replicator) {
        return new ReplicatedStatuses(
                system,
                replicator,
                spawn(StatusWriterActor.create(replicator, lease), "writer", ORDINARY),
                spawn(StatusReaderActor.create(replicator), "reader", ORDINARY),
                lastKnown,
                node.registry()::newestVersion);
    }

    private ActorRef<CatalogActor.Command> catalog(
            ClusterDependencies dependencies, ActorRef<Replicator.Command> replicator, Executor blocking) {
        Behavior<CatalogActor.Command> reader = CatalogActor.create(new CatalogActor.Setup(
                dependencies.source(),
                node.registry().changes()::snapshot,
                replicatedStatuses::newestOfAll,
                replicator,
                number(),
                lease,
                blocking,
                RETRY,
                CatalogActor.WRITE_BACK));
        return ClusterSingleton.get(system)
                .init(SingletonActor.of(reader, "catalog").withStopMessage(CatalogActor.Stop.INSTANCE));
    }

    /**
     * Statuses while this node is in no cluster, figures that programs push, which nodes are in maintenance, and weights
     * from event sockets.
     */
    private void receive(ClusterDependencies dependencies) {
        StatusTransferActor.Setup setup = new StatusTransferActor.Setup(
                dependencies.settings().otherAddresses(),
                lease,
                replicatedStatuses,
                node.registry().changes()::snapshot,
                replicaListener);
        spawn(StatusTransferActor.create(setup), StatusTransferActor.NAME, ORDINARY);
        ClusterDependencies.EventSockets sockets = dependencies.eventSockets();
        spawn(FigureReplicaActor.create(dependencies.figures()), "figures", ORDINARY);
        spawn(MaintenanceReplicaActor.create(dependencies.maintenance()), "maintenance", ORDINARY);
        spawn(LimitsActor.create(dependencies.limits(), lease), LimitsActor.NAME, URGENT);
        spawn(EventSocketManagerActor.create(system, sockets, node.registry(), number()), "event-sockets", ORDINARY);
    }

    /** Null if there is no journal. */
    private ActorRef<JournalHeadsActor.Command> heads(DestinationJournal.Journals journals, Executor blocking) {
        return journals == null ? null : spawn(journals.heads(blocking::execute), "journal-heads", ORDINARY);
    }

    private void initSharding(
            ClusterDependencies dependencies,
            ActorRef<EntityKeepAliveActor.Command> keeper,
            ActorRef<JournalHeadsActor.Command> heads) {
        sharding.init(Entity.of(Shards.DESTINATION, context -> {
                    keeper.tell(new EntityKeepAliveActor.Started(context.getEntityId()));
                    return destination(dependencies, heads, context.getEntityId());
                })
                .withStopMessage(DestinationActor.Stop.INSTANCE));
    }

    private <C> ActorRef<C> spawn(Behavior<C> behavior, String name, Props props) {
        return NodeGuardian.spawn(system, behavior, name, props);
    }

    private void joinCluster(ClusterSettings settings, Executor blocking) {
        if (settings.bootstrap()) {
            ClusterBootstrap.get(system).start();
        } else {
            FormationActor.Setup setup =
                    new FormationActor.Setup(settings, node.arbiter(), node.fresh(), lease, blocking);
            spawn(FormationActor.create(setup), "founding", ORDINARY);
        }
    }

    private ConfirmedStatuses confirmedStatuses() {
        return new ConfirmedStatuses(new ConfirmedStatuses.Setup(
                replicatedStatuses::newestOfAll,
                journal::statuses,
                node.detector()::isUnconfirmed,
                () -> superseded.get() || leaving || Cluster.get(system).isTerminated(),
                (delay, task) -> system.scheduler().scheduleOnce(delay, task, system.executionContext()),
                confirmed -> {
                    lease.statusesRead();
                    replicaListener.tell(confirmed);
                }));
    }

    private void keepLease(ClusterDependencies dependencies, Executor blocking) {
        ConfirmationListener confirmed = (pauses, alone) -> confirmedStatuses.read(pauses, alone);
        LeaseActor.Setup setup = new LeaseActor.Setup(
                dependencies.settings(), lease, node.arbiter(), blocking, confirmed, this::superseded, this::end);
        spawn(LeaseActor.create(setup), LeaseActor.NAME, URGENT);
    }

    /** Ends the session at once, without a handover: the other nodes continued without this node. */
    private void superseded(String why) {
        if (end(why)) {
            node.detector().assume();
        }
    }

    /** Ends the session; false if it was ending already. Traffic uses the last known states. */
    private boolean end(String why) {
        boolean ends = !leaving && superseded.compareAndSet(false, true);
        if (ends) {
            LOG.warn("this node's membership of the cluster has ended: {}; this node rejoins the cluster", why);
            ReplicatorShutdown.stop(system, replicaListener)
                    .whenComplete((kept, late) -> SystemTermination.start(system));
        }
        return ends;
    }

    ActorRef<DestinationActor.MayExecute> permissions() {
        return permissions;
    }

    /** A new order name, unique in the cluster. */
    String nextOrder() {
        return Long.toHexString(number()) + "-" + orders.incrementAndGet();
    }

    MembershipLease lease() {
        return lease;
    }

    JournalReader journal() {
        return journal;
    }

    private void begin(List<ClusterDependencies.Singleton<?>> singletons, RecentNodeAddresses names) {
        spawn(names.subscriber(), "names", ORDINARY);
        singletons.forEach(singleton -> begin(singleton, names));
    }

    private <C> void begin(ClusterDependencies.Singleton<C> singleton, RecentNodeAddresses names) {
        ClusterSingleton.get(system)
                .init(SingletonActor.of(
                                Supervision.restarting(singleton.behavior().apply(names::of)), singleton.name())
                        .withStopMessage(singleton.stop()));
    }

    private Behavior<DestinationActor.Command> destination(
            ClusterDependencies dependencies, ActorRef<JournalHeadsActor.Command> heads, String id) {
        return LoadingDestinationActor.create(
                new DestinationActor.Setup(
                        dependencies.probing(),
                        dependencies.pinger(),
                        peers,
                        dependencies.targets(),
                        new SingleNodeStatuses(replicatedStatuses, members::isAlone, mayBeReplaced(dependencies)),
                        dependencies.events(),
                        dependencies.journal(),
                        heads,
                        address(),
                        number(),
                        lease,
                        members::contains,
                        System::currentTimeMillis),
                id);
    }

    private static boolean mayBeReplaced(ClusterDependencies dependencies) {
        return dependencies.settings().hasPeers() && dependencies.journal() != null;
    }

    private void publishSockets(ActorRef<Replicator.Command> replicator, Map<String, String> nameByLiteral) {
        nameByLiteral.forEach((literal, name) -> replicator.tell(new Replicator.Update<>(
                ReplicaListenerActor.SOCKETS,
                GSet.<String>empty(),
                Replicator.writeLocal(),
                system.ignoreRef(),
                sockets -> sockets.add(name + "=" + literal))));
    }

    @Override
    public CompletionStage<?> ended() {
        return system.getWhenTerminated();
    }

    ActorSystem<?> system() {
        return system;
    }

    /** This node's address, {@code host:port}, as the other nodes know it. */
    String address() {
        return ClusterMember.address(Cluster.get(system).selfMember());
    }

    List<ClusterMember> members() {
        return ClusterMember.all(Cluster.get(system));
    }

    boolean isMember() {
        MemberStatus status = Cluster.get(system).selfMember().status();
        return status.equals(MemberStatus.up()) || status.equals(MemberStatus.weaklyUp());
    }

    /** Unique among all sessions of all nodes; the node number in versions. */
    long number() {
        return Cluster.get(system).selfMember().uniqueAddress().longUid();
    }

    /** Sends a message to a destination's actor; not while this node leaves: it would delay the handover. */
    void tell(String id, DestinationActor.Command command) {
        if (!leaving) {
            destination(id).tell(command);
        }
    }

    EntityRef<DestinationActor.Command> destination(String id) {
        return sharding.entityRefFor(Shards.DESTINATION, id);
    }

    ActorRef<CatalogActor.Command> catalog() {
        return catalog;
    }

    Peers peers() {
        return peers;
    }

    /** Hands over this node's shards and singletons and leaves the cluster. */
    @Override
    public CompletionStage<?> leave() {
        leaving = true;
        return SystemTermination.leave(system);
    }
}
