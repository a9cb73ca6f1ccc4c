package org.sipdispatch.cluster;

import static org.awaitility.Awaitility.await;

import akka.actor.AddressFromURIString;
import akka.actor.setup.Setup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Down;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.definitions.FakeSource;
import org.sipdispatch.definitions.ReloadOrder;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.destination.ProbeSettings;
import org.sipdispatch.destination.Status;
import org.sipdispatch.freeswitch.FreeswitchSettings;
import org.sipdispatch.limits.LimitSettings;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.membership.Arbiter;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.replication.LastKnownStatuses;
import org.sipdispatch.replication.MaintenanceStates;
import org.sipdispatch.replication.PushedFigures;
import org.sipdispatch.replication.TrafficViewUpdater;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.Section;
import org.sipdispatch.tls.CertificatesInUse;

/** Three nodes in one process that share a table and an arbiter, and destinations that answer all pings. */
final class TestCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    record Sent(int node, String id) {}

    final FakeSource table = new FakeSource();
    final List<Cluster> nodes = new ArrayList<>();
    private final List<Traffic> traffic = new ArrayList<>();
    final List<PushedFigures> figures = List.of(new PushedFigures(), new PushedFigures(), new PushedFigures());
    final List<MaintenanceStates> maintenance = List.of(
            new MaintenanceStates(Map.of("udp:10.0.0.1:5060", "main")),
            new MaintenanceStates(Map.of("udp:10.0.0.2:5060", "main")),
            new MaintenanceStates(Map.of()));
    final List<NodeLimits> limits = IntStream.range(0, 3)
            .mapToObj(rank -> NodeLimits.ofCluster(LimitSettings.NONE, 3, rank, System.nanoTime()))
            .toList();
    private final List<Sent> pings = new CopyOnWriteArrayList<>();
    /** The nodes on which the singleton started, in order. */
    final List<Integer> singletonNodes = new CopyOnWriteArrayList<>();

    private final Map<Integer, ActorSystem<?>> systems = new ConcurrentHashMap<>();

    /** The destination whose calls the last node fails to report. */
    static final String FAULTY = "faulty";

    private final AtomicBoolean faulty = new AtomicBoolean(true);
    private final Arbiter arbiter = new FakeArbiter();

    static TestCluster ofThree() {
        return ofThree(false);
    }

    /** {@code tableAway}: whether the table cannot be read at first. */
    static TestCluster ofThree(boolean tableAway) {
        TestCluster cluster = new TestCluster();
        cluster.table.away = tableAway;
        List<Integer> ports = List.of(Ports.next(), Ports.next(), Ports.next());
        IntStream.range(0, 3).forEach(node -> cluster.start(node, ports));
        cluster.eventually(() -> cluster.nodes.stream().allMatch(Cluster::isMember));
        return cluster;
    }

    private void start(int node, List<Integer> ports) {
        Config config = ConfigFactory.parseString(
                        "sip-dispatcher { freeswitch.fetch_freeswitch_stats = on, probing { ds_ping_interval = 300ms, "
                                + "ds_probing_mode = 1 }, cluster { host = \"127.0.0.1\", port = " + ports.get(node)
                                + ", seed-nodes = \"127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1)
                                + ",127.0.0.1:"
                                + ports.get(2) + "\", " + NodeCertificates.settings("127.0.0.1")
                                + " }, cluster.acceptable-heartbeat-pause = 10s, "
                                + "cluster-system.akka { loglevel = ERROR, cluster.jmx.multi-mbeans-in-same-jvm = on } }")
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve();
        Section root = Section.root(config.getConfig("sip-dispatcher"));
        traffic.add(new Traffic());
        nodes.add(Cluster.start(new ClusterDependencies(
                ClusterSettings.from(root.section("cluster")),
                ProbeSettings.from(root.section("probing")),
                new ClusterDependencies.EventSockets(FreeswitchSettings.from(root.section("freeswitch")), usable -> {}),
                config.getConfig("sip-dispatcher.cluster-system").withFallback(config),
                traffic.get(node),
                (ping, pauses, then) -> ping(node, ping, then),
                (destination, then) -> {},
                table,
                arbiter,
                event -> {},
                Map.of(),
                AkkaManagementRoutes.none(),
                new Setup() {},
                null,
                LastKnownStatuses.none(),
                new Calls(node),
                limits.get(node),
                figures.get(node),
                maintenance.get(node),
                new CertificatesInUse(Duration.ofDays(14), warning -> {}),
                List.of(new ClusterDependencies.Singleton<>("teller", names -> singleton(node), "stop")))));
        nodes.get(node)
                .destinations()
                .add((snapshot, statuses) -> traffic.get(node).statuses.putAll(statuses));
    }

    /**
     * Reports as many open calls as the id has letters plus the node's number, and one ringing call. The last node
     * fails for one destination.
     */
    private record Calls(int node) implements LocalCalls {
        @Override
        public int ringing(String id) {
            return 1;
        }

        @Override
        public int open(String id) {
            if (node == 2 && id.equals(FAULTY)) {
                throw new IllegalStateException("the fault of a test");
            }
            return id.length() + node;
        }
    }

    /** A singleton that records its node; the first start in the cluster fails. */
    private Behavior<String> singleton(int node) {
        return Behaviors.setup(context -> {
            if (faulty.getAndSet(false)) {
                throw new IllegalStateException("the fault of a test");
            }
            systems.put(node, context.getSystem());
            singletonNodes.add(node);
            return Behaviors.receive(String.class)
                    .onMessageEquals("stop", Behaviors::stopped)
                    .build();
        });
    }

    private void ping(int node, Ping ping, Consumer<PingResult> then) {
        pings.add(new Sent(node, ping.destination().id()));
        then.accept(new PingResult(PingResult.PingOutcome.REPLIED, 200, 1000));
    }

    /** The views and statuses that a node's traffic received. */
    private static final class Traffic implements TrafficViewUpdater {
        private final Map<SetId, SetView> sets = new ConcurrentHashMap<>();

        private final Map<String, Status> statuses = new ConcurrentHashMap<>();

        @Override
        public synchronized void replace(Collection<SetView> views) {
            sets.clear();
            update(views);
        }

        @Override
        public void update(Collection<SetView> views) {
            views.forEach(view -> sets.put(view.id(), view));
        }

        synchronized String shown() {
            List<String> shown = new ArrayList<>();
            for (SetView view : sets.values()) {
                for (int i = 0; i < view.size(); i++) {
                    shown.add(view.member(i).id() + (view.isActive(i) ? "" : " out"));
                }
            }
            return String.join(", ", shown.stream().sorted().toList());
        }

        synchronized Map<String, Integer> weights() {
            Map<String, Integer> weights = new TreeMap<>();
            for (SetView view : sets.values()) {
                for (int i = 0; i < view.size(); i++) {
                    weights.put(view.member(i).id(), view.weight(i));
                }
            }
            return weights;
        }

        @Override
        public void learnSockets(Map<String, String> nameByLiteral) {}

        @Override
        public void confirmed(long pauses) {}

        @Override
        public void carryCalls(boolean others) {}

        @Override
        public void carry(byte[] calls) {}
    }

    /** A database row in memory. */
    private static final class FakeArbiter implements Arbiter {
        private Heartbeat row = new Heartbeat(ClaimResult.NO, "", 0);

        @Override
        public ClaimResult decide(String epoch, String side) {
            return ClaimResult.YES;
        }

        @Override
        public synchronized Heartbeat read(String cluster) {
            return row;
        }

        @Override
        public synchronized ClaimResult renew(String cluster, String owner) {
            return owner.equals(row.owner()) ? takeOver(cluster, owner, row) : ClaimResult.NO;
        }

        @Override
        public synchronized ClaimResult takeOver(String cluster, String owner, Heartbeat seen) {
            if (!seen.equals(row)) {
                return ClaimResult.NO;
            }
            row = new Heartbeat(ClaimResult.YES, owner, row.count() + 1);
            return ClaimResult.YES;
        }
    }

    /** Downs the node, by order of the node that runs the singleton. */
    void takeOut(int node) {
        ActorSystem<?> system = systems.get(singletonNodes.get(0));
        akka.cluster.typed.Cluster.get(system)
                .manager()
                .tell(new Down(AddressFromURIString.parse(
                        "akka://" + system.name() + "@" + nodes.get(node).address())));
    }

    void eventually(java.util.concurrent.Callable<Boolean> condition) {
        await().atMost(PATIENCE).ignoreExceptions().until(condition);
    }

    /** Changes the table and reloads it through the node. */
    ReloadOutcome reload(int node, Definition... rows) {
        table.rows = List.of(rows);
        return reload(node);
    }

    ReloadOutcome reload(int node) {
        return reload(node, false);
    }

    ReloadOutcome reload(int node, boolean dropTemporary) {
        return nodes.get(node)
                .reload(new ReloadOrder("", false, dropTemporary, true, false), "ann")
                .toCompletableFuture()
                .join();
    }

    void hold(int node, String id) {
        nodes.get(node)
                .order(
                        "",
                        id,
                        "hold",
                        (ticket, replyTo) -> new DestinationActor.SetState(
                                DestinationState.INACTIVE, "ann", "repair", ticket, replyTo))
                .toCompletableFuture()
                .join();
    }

    /** The status of the destination that each node received. */
    List<Status> statuses(String id) {
        return traffic.stream().map(node -> node.statuses.get(id)).toList();
    }

    /** The views of each node's traffic, as {@code a:1:sip:x, a:1:sip:y out}. */
    List<String> traffic() {
        return traffic.stream().map(Traffic::shown).toList();
    }

    /** The weights by destination id in the views of each node's traffic. */
    List<Map<String, Integer>> weights() {
        return traffic.stream().map(Traffic::weights).toList();
    }

    /** The revision of the definitions on each node. */
    List<Long> revisions() {
        return nodes.stream()
                .map(node -> node.destinations().snapshot().revision())
                .toList();
    }

    /**
     * Waits for a period in which each destination was pinged at least twice, always by the same node, and no other
     * destination was.
     */
    void eventuallyOnlyPingedByOneNodeEach(String... ids) {
        pings.clear();
        eventually(() -> {
            List<Sent> sent = List.copyOf(pings);
            List<String> enough = List.of(ids).stream()
                    .filter(id ->
                            sent.stream().filter(ping -> ping.id().equals(id)).count() >= 2)
                    .toList();
            if (enough.size() < ids.length) {
                return false;
            }
            boolean once = sent.stream().distinct().count() == ids.length;
            pings.clear();
            return once;
        });
    }

    @Override
    public void close() {
        nodes.forEach(Cluster::close);
    }
}
