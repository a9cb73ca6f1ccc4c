package org.sipdispatch.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.proxy.NewRequests;
import org.sipdispatch.proxy.PeerSocket;
import org.sipdispatch.replication.MaintenanceStates;
import org.sipdispatch.replication.NodeMaintenance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this node is in maintenance: then it takes no new calls, and continues those that it has. Tells the node's
 * traffic and the other nodes. Thread-safe.
 */
public final class Maintenance {
    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);
    private static final String UP = "Up";

    private final MaintenanceSettings settings;
    private final MaintenanceFile file;
    private final MaintenanceStates states;
    private MaintenanceOrder order;
    private Consumer<NewRequests> traffic = treatment -> {};
    private Supplier<List<ClusterMember>> members = List::of;

    /**
     * Reads whether the node was in maintenance before a restart.
     *
     * @param directory the directory for files of the node
     * @param sockets names of this node's sockets by {@code proto:address:port}
     */
    public Maintenance(MaintenanceSettings settings, Path directory, Map<String, String> sockets) {
        this(settings, MaintenanceFile.in(directory), sockets);
    }

    private Maintenance(MaintenanceSettings settings, MaintenanceFile file, Map<String, String> sockets) {
        this.settings = settings;
        this.file = file;
        states = new MaintenanceStates(sockets);
        order = file.read();
        if (order != null) {
            states.set(order.sinceMs());
        }
        states.onChange(this::othersChanged);
    }

    /** For a node without files. */
    static Maintenance never() {
        return new Maintenance(
                new MaintenanceSettings(MaintenanceSettings.NewCalls.REFUSE, Duration.ofSeconds(1)),
                MaintenanceFile.NONE,
                Map.of());
    }

    /** The states of all nodes, for the cluster. */
    public MaintenanceStates states() {
        return states;
    }

    /** What the traffic has to do with new requests when it starts; {@code nodes}: those of the cluster, from now on. */
    synchronized NewRequests atStart(Supplier<List<ClusterMember>> nodes) {
        members = nodes;
        return treatment();
    }

    /** Tells the traffic from now on what to do with new requests. */
    synchronized void open(Consumer<NewRequests> lanes) {
        traffic = lanes;
        if (order != null) {
            LOG.warn(
                    "this node starts in maintenance, by an order of {} that outlasts a restart{}; sip-dispatcher"
                            + " maintenance off ends it",
                    order.who(),
                    order.why().isEmpty() ? "" : ": " + order.why());
        }
        apply();
    }

    /** The order that is in force; null if the node is not in maintenance. */
    synchronized MaintenanceOrder order() {
        return order;
    }

    /**
     * Begins maintenance. If the node is in maintenance already, the former order stays; {@code keep} applies anyway.
     *
     * @throws UncheckedIOException if the file cannot be written; then nothing changes
     */
    synchronized void begin(MaintenanceOrder given) {
        MaintenanceOrder next = order == null ? given : given.kept() ? order.keeping() : order;
        if (next.kept()) {
            attempt(() -> file.write(next));
        }
        if (order == null) {
            LOG.warn(
                    "maintenance begins, ordered by {}: this node takes no new calls and continues those that it has",
                    given.who());
        }
        order = next;
        states.set(next.sinceMs());
        apply();
    }

    /**
     * Ends maintenance.
     *
     * @throws UncheckedIOException if the file cannot be deleted; then nothing changes
     */
    synchronized void end(String who) {
        attempt(file::delete);
        if (order != null) {
            LOG.info("maintenance ends, ordered by {}: this node takes new calls again", who);
        }
        order = null;
        states.set(0);
        apply();
    }

    private interface FileChange {
        void run() throws IOException;
    }

    private static void attempt(FileChange change) {
        try {
            change.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void othersChanged() {
        if (order != null) {
            apply();
        }
    }

    private void apply() {
        traffic.accept(treatment());
    }

    private NewRequests treatment() {
        if (order == null) {
            return NewRequests.DISPATCHED;
        }
        boolean redirects = settings.newCalls() == MaintenanceSettings.NewCalls.REDIRECT;
        return NewRequests.inMaintenance(settings.retryAfter(), redirects ? otherSockets() : List.of());
    }

    /** The sockets of each other node that takes new calls. */
    private List<List<PeerSocket>> otherSockets() {
        Map<String, NodeMaintenance> known = states.byNode();
        return taking(members.get(), known).stream()
                .filter(node -> !node.self() && known.containsKey(node.address()))
                .map(node -> sockets(known.get(node.address())))
                .filter(sockets -> !sockets.isEmpty())
                .toList();
    }

    private static List<PeerSocket> sockets(NodeMaintenance node) {
        return node.sockets().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(socket -> PeerSocket.parse(socket.getValue(), socket.getKey()))
                .filter(Objects::nonNull)
                .toList();
    }

    /** The nodes that take new calls, this one included; nodes of a release without maintenance do. */
    private static List<ClusterMember> taking(List<ClusterMember> members, Map<String, NodeMaintenance> known) {
        return members.stream()
                .filter(node -> node.reachable() && node.status().equals(UP))
                .filter(node -> !known.containsKey(node.address())
                        || !known.get(node.address()).isOn())
                .toList();
    }

    /** The addresses of the nodes that take new calls. {@code own}: this node's address, whose state is current. */
    synchronized List<String> takingNodes(String own) {
        List<String> nodes = new ArrayList<>(taking(members.get(), states.byNode()).stream()
                .map(ClusterMember::address)
                .toList());
        nodes.remove(own);
        if (order == null) {
            nodes.add(0, own);
        }
        return List.copyOf(nodes);
    }

    /** The addresses of the nodes in maintenance. {@code own}: this node's address, whose state is current. */
    synchronized Set<String> nodes(String own) {
        Set<String> nodes = new TreeSet<>();
        states.byNode().forEach((node, state) -> {
            if (state.isOn()) {
                nodes.add(node);
            }
        });
        nodes.remove(own);
        if (order != null) {
            nodes.add(own);
        }
        return nodes;
    }
}
