package org.sipdispatch.app;

import com.typesafe.config.Config;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.sipdispatch.catalog.CatalogSettings;
import org.sipdispatch.catalog.KnownSockets;
import org.sipdispatch.definitions.BadRows;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.destination.ProbeSettings;
import org.sipdispatch.freeswitch.FreeswitchSettings;
import org.sipdispatch.history.HistorySettings;
import org.sipdispatch.limits.LimitSettings;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.manage.ManageSettings;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.metrics.MetricsSettings;
import org.sipdispatch.operations.MaintenanceSettings;
import org.sipdispatch.proxy.NewRequests;
import org.sipdispatch.proxy.RelaySettings;
import org.sipdispatch.routing.RelayPolicy;
import org.sipdispatch.routing.RoutingSettings;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.PushedAttrs;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.store.StoreSettings;
import org.sipdispatch.tls.CertificateInUse;
import org.sipdispatch.tls.CertificatesInUse;
import org.sipdispatch.tls.TlsContexts;
import org.sipdispatch.tls.TlsDomains;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transport.AdvertisedNameCheck;
import org.sipdispatch.transport.SocketSettings;
import org.sipdispatch.transport.TrafficSetup;
import org.sipdispatch.transport.TransportSettings;

/**
 * The whole configuration of a node, checked as far as it can be without opening anything.
 *
 * @param defaultPartition the partition of sets that are named without one
 * @param generatesSecret whether no {@code relay.secret} is given, so that the node generates one
 * @param dataDirectory the directory for files of the node
 * @param drainTimeout how long a stopping node waits for calls in setup
 */
record NodeSettings(
        CatalogSettings partitions,
        String defaultPartition,
        BadRows badRows,
        TrafficSetup traffic,
        ProbeSettings probing,
        FreeswitchSettings freeswitch,
        StoreSettings journal,
        HistorySettings history,
        ClusterSettings cluster,
        ManageSettings management,
        MetricsSettings metrics,
        MaintenanceSettings maintenance,
        LimitSettings limits,
        Config clusterSystem,
        Config manageSystem,
        boolean generatesSecret,
        Path dataDirectory,
        Duration drainTimeout) {
    private static final String DEFAULT_PARTITION = "default-partition";

    /**
     * Reads the block {@code sip-dispatcher}, defaults included.
     *
     * @throws SettingException if a setting is invalid
     */
    static NodeSettings from(Config config) {
        return from(config, Section.root(config));
    }

    /** The same; {@code root} reads the same configuration, and may collect its problems. */
    static NodeSettings from(Config config, Section root) {
        root.check(() -> checkReviewed(root));
        ListenSockets sockets = SocketSettings.from(root);
        RelaySettings relay = RelaySettings.from(root.section("relay"));
        TransportSettings transport = TransportSettings.from(root.section("transport"));
        TlsDomains tls = TlsDomains.from(root.section("tls"));
        RoutingSettings routing = RoutingSettings.from(root);
        FreeswitchSettings freeswitch = FreeswitchSettings.from(root.section("freeswitch"));
        CatalogSettings partitions = CatalogSettings.from(root.section("partitions"), root.text(DEFAULT_PARTITION))
                .keptIn(Path.of(root.text("data-dir")))
                .withFreeswitch(freeswitch)
                .withResources(routing.resources());
        NodeSettings settings = new NodeSettings(
                partitions,
                root.text(DEFAULT_PARTITION),
                badRows(root.section("reload")),
                new TrafficSetup(config.getConfig("lane-system"), transport, tls, sockets, relay, routing),
                ProbeSettings.from(root.section("probing")).withPartitions(partitions.pings()),
                freeswitch,
                StoreSettings.from(root.section("journal"), root.text("data-dir")),
                HistorySettings.from(root.section("history"), root.section("events")),
                ClusterSettings.from(root.section("cluster")),
                ManageSettings.from(root.section("management")),
                MetricsSettings.from(root.section("metrics")),
                MaintenanceSettings.from(root.section("maintenance")),
                LimitSettings.from(root.section("limits"), root.text(DEFAULT_PARTITION), partitions.names())
                        .withResources(routing.resources()),
                config.getConfig("cluster-system"),
                config.getConfig("manage-system"),
                root.section("relay").secretOr("secret", "").isEmpty(),
                Path.of(root.text("data-dir")),
                root.duration("drain-timeout", Duration.ZERO, Duration.ofHours(1)));
        refuseUnknown(root);
        routing.checkNames(root, partitions.names(), names(sockets));
        root.check(settings::checkSecret);
        root.check(settings::checkDefaultPartition);
        root.check(() -> settings.management.checkSafe(settings.cluster.bootstrap()));
        settings.checkSockets(root);
        return settings;
    }

    private static Set<String> names(ListenSockets sockets) {
        return sockets.all().stream().map(ListenSocket::name).collect(Collectors.toSet());
    }

    private static void refuseUnknown(Section root) {
        for (String known : new String[] {"home", "lane-system", "cluster-system", "manage-system"}) {
            root.has(known);
        }
        refuseMisplaced(root);
        root.refuseUnknown();
    }

    /** Says what to write for a parameter of the dispatcher module that is not known at the top. */
    private static void refuseMisplaced(Section root) {
        for (String key : root.keys()) {
            String place = ModuleParameterPlaces.place(key);
            if (place != null) {
                root.refuse(key, "an unknown key", place);
            }
        }
    }

    /** Refuses a configuration that an operator still has to review after an import. */
    private static void checkReviewed(Section root) {
        List<String> unfinished = root.texts("unfinished");
        if (!unfinished.isEmpty()) {
            String others = unfinished.size() == 1 ? "" : " (and " + (unfinished.size() - 1) + " more)";
            throw new SettingException(
                    root.path("unfinished"), unfinished.get(0) + others, "an empty list, after a review");
        }
    }

    private static BadRows badRows(Section reload) {
        BadRows badRows = reload.choice("bad-rows", BadRows.class);
        reload.refuseUnknown();
        return badRows;
    }

    /** A copy with other traffic settings. */
    NodeSettings with(TrafficSetup other) {
        return with(other, management);
    }

    /** A copy with other management settings. */
    NodeSettings with(ManageSettings other) {
        return with(traffic, other);
    }

    private NodeSettings with(TrafficSetup otherTraffic, ManageSettings otherManagement) {
        return new NodeSettings(
                partitions,
                defaultPartition,
                badRows,
                otherTraffic,
                probing,
                freeswitch,
                journal,
                history,
                cluster,
                otherManagement,
                metrics,
                maintenance,
                limits,
                clusterSystem,
                manageSystem,
                generatesSecret,
                dataDirectory,
                drainTimeout);
    }

    /** Why the files of the TLS sockets, and of connections to servers, cannot be used: all reasons. */
    List<SettingException> certificateProblems() {
        return usesTls() ? TlsContexts.problems(traffic.tls()) : List.of();
    }

    private boolean usesTls() {
        return sockets().all().stream().anyMatch(socket -> socket.protocol().isOverTls());
    }

    /**
     * Checks whether the files for TLS can be used.
     *
     * @throws SettingException if they cannot
     */
    void checkFiles() {
        cluster.checkFiles();
        management.checkFiles(cluster.tls());
    }

    /** Without a common secret no node would recognise another one's branches. */
    private void checkSecret() {
        if (cluster.hasPeers() && generatesSecret) {
            throw new SettingException("relay.secret", "nothing", "the same text on all nodes of the cluster");
        }
    }

    /**
     * Reads the certificates of the TLS sockets.
     *
     * @return warnings about them, for operators; each line begins with the path of a key
     * @throws SettingException if one cannot be used
     */
    List<String> checkCertificates() {
        if (!usesTls()) {
            return List.of();
        }
        TlsContexts contexts = TlsContexts.load(traffic.tls());
        List<String> warnings = new ArrayList<>(contexts.warnings());
        warnings.addAll(expiryWarnings(contexts.presented()));
        warnings.addAll(AdvertisedNameCheck.warnings(contexts, sockets()));
        return warnings;
    }

    /**
     * The same for those of the cluster and of the management server.
     *
     * @throws SettingException if one cannot be used
     */
    List<String> checkOtherCertificates() {
        List<CertificateInUse> presented = new ArrayList<>(management.presented());
        if (cluster.tls().isOn()) {
            presented.add(cluster.tls().inUse());
        }
        return expiryWarnings(presented);
    }

    private List<String> expiryWarnings(List<CertificateInUse> presented) {
        Instant now = Instant.now();
        return presented.stream()
                .map(one -> one.warning(now, traffic.tls().expiryWarning()))
                .filter(warning -> !warning.isEmpty())
                .toList();
    }

    private void checkSockets(Section root) {
        checkProbingSockets(root);
        Set<String> overTls = sockets().all().stream()
                .filter(socket -> socket.protocol().isOverTls())
                .map(ListenSocket::name)
                .collect(Collectors.toCollection(TreeSet::new));
        overTls.forEach(socket -> root.check(() -> traffic.tls().checkCertificate(socket)));
        if (!root.isInvalid("sockets")) {
            traffic.tls().checkServers(root.section("tls").section("server_domains"), overTls);
        }
        int udpMtu = traffic.relay().udpMtu();
        if (udpMtu > 0
                && !root.isInvalid("sockets")
                && sockets().all().stream().noneMatch(socket -> socket.protocol() == Protocol.TCP)) {
            root.refuse("relay.udp-mtu", udpMtu, "0, or a TCP socket in sockets");
        }
        if (udpMtu > 0) {
            checkTimeForUdp(root);
        }
    }

    /**
     * A large request that gets no TCP connection has to return to UDP before the relay gives the destination up. A
     * request of a dialog has 64*T1.
     */
    private void checkTimeForUdp(Section root) {
        Duration connect = traffic.transport().connectTimeout();
        String needed = "transport.tcp.connect-timeout, " + Section.format(connect)
                + ", which relay.udp-mtu needs to return to UDP";
        long t1Ms = traffic.relay().t1Ms();
        if (64 * t1Ms <= connect.toMillis()) {
            root.refuse("relay.t1", Section.format(Duration.ofMillis(t1Ms)), "more than 1/64 of " + needed);
        }
        for (Rule rule : traffic.routing().rules().all()) {
            RelayPolicy policy = rule.policy();
            if (policy != null
                    && policy.mode() == RelayPolicy.Mode.STATEFUL
                    && policy.frTimeout().compareTo(connect) <= 0) {
                root.refuse(
                        rule.path() + ".relay.fr_timeout", Section.format(policy.frTimeout()), "more than " + needed);
            }
        }
    }

    private void checkDefaultPartition() {
        if (!defaultPartition.equals(SetId.DEFAULT_PARTITION)
                && !partitions.names().contains(defaultPartition)) {
            throw new SettingException(
                    DEFAULT_PARTITION, defaultPartition, "a partition among " + String.join(", ", partitions.names()));
        }
    }

    private void checkProbingSockets(Section root) {
        KnownSockets known = knownSockets(root.isInvalid("sockets"));
        Map<String, String> named = new LinkedHashMap<>(partitions.pingSockets());
        if (probing.socket() != null) {
            named.put("probing.ds_probing_sock", probing.socket());
        }
        named.forEach((key, socket) -> {
            if (!known.isKnown(socket)) {
                root.refuse(key, socket, "one of our sockets, by name or address");
            }
        });
    }

    /** If {@code unsure}, some sockets could not be read, so any address may be one of theirs. */
    KnownSockets knownSockets(boolean unsure) {
        KnownSockets known = knownSockets();
        return unsure
                ? socket -> known.isKnown(socket)
                        || socket.contains(":")
                        || sockets().all().isEmpty()
                : known;
    }

    /** The sockets of this node; in a cluster also any address, which may be another node's. */
    KnownSockets knownSockets() {
        KnownSockets own = socket -> sockets().named(socket) != null;
        return cluster.hasPeers() ? KnownSockets.cluster(own) : own;
    }

    ListenSockets sockets() {
        return traffic.sockets();
    }

    RoutingSettings routing() {
        return traffic.routing();
    }

    /** The limits of calls. {@code nowNanos}: the time of the monotonic clock. */
    NodeLimits ofCalls(long nowNanos) {
        return cluster.hasPeers()
                ? NodeLimits.ofCluster(limits, cluster.parts(), cluster.part(), nowNanos)
                : NodeLimits.ofOneNode(limits, nowNanos);
    }

    /** The traffic settings with these callbacks; reads or generates the node's own secret. */
    TrafficSetup traffic(
            NodeLimits ofCalls,
            Consumer<List<Observation>> evidence,
            Consumer<byte[]> carried,
            Consumer<PushedAttrs> pushed,
            LongSupplier pauses,
            DestinationFacts facts,
            Predicate<InetSocketAddress> guarded,
            NewRequests newRequests,
            CertificatesInUse certificates) {
        RelaySettings relay = traffic.relay();
        return new TrafficSetup(
                traffic.laneSystem(),
                traffic.transport(),
                traffic.tls(),
                traffic.sockets(),
                generatesSecret ? relay.withSecret(SecretFile.loadOrCreate(dataDirectory)) : relay,
                traffic.routing(),
                ofCalls,
                evidence,
                carried,
                pushed,
                pauses,
                facts,
                guarded,
                newRequests,
                certificates);
    }
}
