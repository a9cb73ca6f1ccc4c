package org.sipdispatch.app;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.catalog.Catalog;
import org.sipdispatch.catalog.CatalogSnapshot;
import org.sipdispatch.catalog.ServiceRecords;
import org.sipdispatch.cluster.Cluster;
import org.sipdispatch.history.JdbcHistory;
import org.sipdispatch.history.UdpEvents;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.manage.ApiDependencies;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.metrics.Metrics;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.operations.Maintenance;
import org.sipdispatch.operations.Operations;
import org.sipdispatch.proxy.NewRequests;
import org.sipdispatch.replication.LastKnownStatuses;
import org.sipdispatch.replication.PushedFigures;
import org.sipdispatch.routing.RuleWarnings;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.store.Store;
import org.sipdispatch.tls.CertificatesInUse;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transport.BindCheck;
import org.sipdispatch.transport.ServiceLookup;
import org.sipdispatch.transport.SipLanes;
import org.sipdispatch.transport.TargetLookups;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One proxy node: reads its configuration, joins the cluster, then relays traffic until it is closed. */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final long POLL_MS = 50;

    private final NodeSettings settings;
    private final FittedLimits limits;
    private final List<String> readableSecrets;
    private final PushedFigures figures = new PushedFigures();
    private final NodeLimits ofCalls;
    private final CertificatesInUse certificates;
    private final Maintenance maintenance;
    private final Operations operations;
    private final Metrics metrics;
    private final ApiDependencies dependencies;
    private final TrafficBridge bridge = new TrafficBridge();
    /** The resources to close with the node, in reverse order. */
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    private Cluster cluster;
    private SipLanes traffic;

    private Node(FittedLimits limits, List<String> readableSecrets) {
        this.limits = limits;
        this.readableSecrets = readableSecrets;
        settings = limits.settings();
        ofCalls = settings.ofCalls(System.nanoTime());
        certificates = new CertificatesInUse(settings.traffic().tls().expiryWarning(), LOG::warn);
        metrics = new Metrics(settings.metrics(), certificates);
        maintenance = new Maintenance(
                settings.maintenance(),
                settings.dataDirectory(),
                settings.sockets().literals());
        operations = new Operations(figures, maintenance);
        resources.push(metrics);
        dependencies = new ApiDependencies(
                operations,
                settings.partitions().names().stream()
                        .sorted(SetId.PARTITIONS_IN_LISTS)
                        .toList(),
                settings.defaultPartition(),
                metrics,
                settings.badRows());
    }

    /**
     * Starts a node. Returns when its sockets are open.
     *
     * @param config the block {@code sip-dispatcher}, defaults included
     * @throws SettingException if a setting is invalid
     */
    public static Node start(Config config) {
        return start(config, null, new CompletableFuture<>());
    }

    /**
     * The same, but can be stopped: if {@code stop} completes while the node waits for the cluster, the node leaves it.
     *
     * @param file the configuration file, which an early line of the log names; null for no such line
     * @throws CancellationException if the node was stopped; everything that it had started is closed
     */
    static Node start(Config config, Path file, CompletableFuture<?> stop) {
        NodeSettings read = NodeSettings.from(config);
        Node node = new Node(
                FittedLimits.of(read, FittedLimits.Resources.ofProcess()), ReadableSecrets.warnings(config, read));
        try {
            node.start(file, stop);
            return node;
        } catch (RuntimeException e) {
            node.closeAll();
            throw e;
        }
    }

    private void start(Path file, CompletableFuture<?> stop) {
        BindCheck.check(settings.sockets());
        checkFiles();
        DataDirectoryGuard files = register(DataDirectoryGuard.of(settings.dataDirectory()));
        Catalog catalog = register(openCatalog());
        CatalogSnapshot written = load(catalog);
        // Before components that log warnings in the background: a refused start prints one line only.
        ManagementEndpoint operators = register(ManagementEndpoint.start(settings, dependencies, certificates));
        logStart(file);
        Store store = register(Store.open(settings.journal()));
        register(new SchemaInitializer(store, files::protect)).start();
        JdbcHistory history = register(JdbcHistory.open(store));
        UdpEvents events = register(UdpEvents.open(settings.history()));
        LastKnownStatuses lastKnown = register(LastKnownStatuses.in(settings.dataDirectory(), settings.cluster()));
        cluster = Cluster.start(ClusterWiring.wire(
                settings,
                new ClusterWiring.Components(
                        bridge,
                        metrics.counting(bridge),
                        new TargetLookups(settings.traffic()),
                        metrics::countHeartbeat,
                        operators,
                        catalog,
                        store,
                        history,
                        events,
                        lastKnown,
                        ofCalls,
                        figures,
                        maintenance.states(),
                        certificates)));
        resources.push(cluster);
        openOperations(history, events);
        awaitView(written, lastKnown, stop);
        listen(guardedPorts(operators));
        // Only now: a refused start prints one line only.
        files.logAccess();
        logSummary(written);
    }

    private void logStart(Path file) {
        if (file != null) {
            LOG.info(
                    "{} starts with {}, data in {}",
                    ProgramVersion.text(),
                    file.toAbsolutePath().normalize(),
                    settings.dataDirectory());
        }
    }

    private void checkFiles() {
        settings.checkFiles();
        settings.checkCertificates();
    }

    private void openOperations(JdbcHistory history, UdpEvents events) {
        metrics.setCluster(cluster);
        metrics.setFigures(figures);
        metrics.setMaintenance(maintenance.states());
        // Early enough: nothing is known before this node has joined.
        cluster.destinations().add((snapshot, statuses) -> {
            events.learned(statuses);
            history.destinationsChanged(snapshot.revision(), !statuses.isEmpty());
        });
        history.storeNodeAddresses(this::nodeAddresses);
        operations.open(cluster, cluster.destinations(), history);
    }

    private void listen(ProtectedPorts guarded) {
        ClusterDestinationFacts facts = new ClusterDestinationFacts(figures, cluster.destinations()::snapshot);
        traffic = register(SipLanes.start(
                settings.traffic(
                        ofCalls,
                        cluster::observe,
                        cluster::carry,
                        new ScriptAttrsPusher(
                                cluster::pushAttrs,
                                CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS),
                                metrics::countDroppedAttrs),
                        cluster::pauses,
                        facts,
                        guarded,
                        operations.newRequests(),
                        certificates),
                bridge.views()));
        bridge.open(traffic);
        operations.startAccepting(traffic);
        metrics.setTraffic(traffic);
        register(CertificateReminder.start(certificates));
        logSockets();
    }

    private Map<Long, String> nodeAddresses() {
        return cluster.members().stream().collect(Collectors.toMap(ClusterMember::number, ClusterMember::address));
    }

    private void logSockets() {
        LOG.info(
                "listening on {}",
                settings.sockets().all().stream().map(ListenSocket::description).collect(Collectors.joining(", ")));
    }

    /**
     * If some states are still unknown after the time limit, the node takes calls with the states of the table, except
     * for destinations that were out of rotation.
     */
    private void awaitView(CatalogSnapshot written, LastKnownStatuses lastKnown, CompletableFuture<?> stop) {
        boolean isKnown = cluster.awaitView(settings.cluster().waitForView(), stop);
        if (stop.isDone()) {
            throw new CancellationException("stopped while it started");
        } else if (!isKnown) {
            LOG.warn(
                    "after {} the state of some destinations is unknown; taking calls with {}",
                    Section.format(settings.cluster().waitForView()),
                    lastKnown.isEmpty()
                            ? "the states of the table"
                            : "the states of the table, and without the destinations that were out when this node last"
                                    + " knew them");
            bridge.addMissing(written.sets().values().stream()
                    .map(lastKnown::withoutThoseOut)
                    .toList());
        }
    }

    private ProtectedPorts guardedPorts(ManagementEndpoint operators) {
        return new ProtectedPorts(
                List.of(operators::port, cluster::port),
                Stream.concat(
                        Stream.of(settings.cluster().host()),
                        settings.sockets().all().stream().map(ListenSocket::advertisedHost)));
    }

    private <T extends AutoCloseable> T register(T resource) {
        resources.push(resource);
        return resource;
    }

    private Catalog openCatalog() {
        ServiceRecords records = new ServiceLookup()::of;
        Catalog catalog = settings.cluster().hasPeers()
                ? Catalog.openLater(settings.partitions(), settings.knownSockets(), records)
                : Catalog.open(settings.partitions(), settings.knownSockets(), records);
        return catalog.withPings(settings.probing())
                .withTlsDomains(settings.traffic().tls().clients().keySet());
    }

    /** A single node cannot start without its table; a node of a cluster gets the definitions from the others. */
    private CatalogSnapshot load(Catalog catalog) {
        try {
            return catalog.loadFirst();
        } catch (SettingException e) {
            if (!settings.cluster().hasPeers()) {
                throw e;
            }
            LOG.warn("the destinations cannot be read now: {}", e.getMessage());
            return CatalogSnapshot.NOTHING;
        }
    }

    private void logSummary(CatalogSnapshot written) {
        limits.lines().forEach(LOG::warn);
        readableSecrets.forEach(LOG::warn);
        RuleWarnings.of(settings.routing().rules()).forEach(one -> LOG.warn(one.message()));
        if (!settings.cluster().hasPeers()) {
            written.warnings().forEach(LOG::warn);
        }
        Set<SetId> known = bridge.views().stream().map(SetView::id).collect(Collectors.toSet());
        LOG.info(
                "{} destinations in sets {}",
                written.entries().size(),
                known.stream().map(SetId::toString).sorted().collect(Collectors.joining(", ")));
        settings.routing()
                .rules()
                .all()
                .forEach(rule -> rule.namedSets()
                        .forEach((key, sets) -> sets.stream()
                                .filter(set -> !known.contains(set))
                                .forEach(set -> LOG.warn(
                                        "{}.{}: {} (expected: a set with destinations)", rule.path(), key, set))));
        LimitWarnings of = new LimitWarnings(destinations());
        of.ofRules(settings.routing().rules().all()).forEach(one -> LOG.warn(one.getMessage()));
        of.ofSources(settings.limits(), partition -> true).forEach(one -> LOG.warn(one.getMessage()));
    }

    /** All destinations that this node knows. */
    List<Destination> destinations() {
        return cluster.destinations().snapshot().destinations().stream()
                .map(one -> one.definition().destination())
                .toList();
    }

    /** The value of a counter since the start. */
    public long count(LaneCounter counter) {
        return traffic.count(counter);
    }

    /** Refuses new calls, hands over to the other nodes, and waits up to {@code drain-timeout} for calls in setup. */
    @Override
    public void close() {
        operations.stopAccepting();
        traffic.setNewRequests(NewRequests.REFUSED_AT_STOP);
        resources.remove(cluster);
        cluster.close();
        awaitPendingCalls();
        closeAll();
        StringBuilder counts = new StringBuilder();
        for (LaneCounter counter : LaneCounter.values()) {
            if (count(counter) > 0) {
                counts.append(' ')
                        .append(counter.name().toLowerCase(java.util.Locale.ROOT))
                        .append('=');
                counts.append(count(counter));
            }
        }
        LOG.info("stopped:{}", counts);
    }

    private void awaitPendingCalls() {
        long untilMs = System.nanoTime() / 1_000_000 + settings.drainTimeout().toMillis();
        try {
            while (traffic.pending() > 0 && System.nanoTime() / 1_000_000 < untilMs) {
                Thread.sleep(POLL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeAll() {
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Exception e) {
                LOG.warn("error while closing", e);
            }
        }
    }
}
