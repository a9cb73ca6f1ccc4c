package org.sipdispatch.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.sipdispatch.agents.CallingAgent;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.pauses.CallsInPauses;
import org.sipdispatch.pauses.DeciderOverlap;
import org.sipdispatch.pauses.HeldInvites;
import org.sipdispatch.pauses.Pause;

/** Real nodes that can be paused, with destinations that answer everything, and callers at each node. */
final class PauseScene implements AutoCloseable {
    static final int DESTINATIONS = 6;
    static final long INTERVAL_NS = 1_000_000_000L;
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final long STABLE_NS = 3_000_000_000L;
    private static final String MORE = """
            probing { ds_ping_interval = 1s, ds_probing_mode = 1, ping-timeout = 500ms, ds_probing_threshold = 3 }
            rules = [ { select { set = "1", alg = "4", flags = "F" } } ]
            """;

    private final int nodes;
    private final WatchedDestinations destinations;
    private final ClusterNodes cluster;
    private final Map<Integer, CallingAgent> callers = new TreeMap<>();
    private final Map<Integer, Long> stoppedNs = new TreeMap<>();
    private final List<Pause> pauses = new ArrayList<>();
    private final Stalls stalls = Stalls.start();
    private final long wallNs = System.nanoTime() - System.currentTimeMillis() * 1_000_000;

    private PauseScene(int nodes, WatchedDestinations destinations, ClusterNodes cluster) {
        this.nodes = nodes;
        this.destinations = destinations;
        this.cluster = cluster;
    }

    /** Starts the nodes and waits until no destination has moved for some time. */
    static PauseScene start(String database, int nodes) {
        return start(database, nodes, List.of());
    }

    /** {@code more}: further rows of the table: {@code setid, destination, attrs}. */
    static PauseScene start(String database, int nodes, List<String> more) {
        WatchedDestinations destinations = new WatchedDestinations(Collections.nCopies(DESTINATIONS, "127.0.0.1"));
        String url = EmbeddedPostgres.jdbcUrl(database + "_" + System.nanoTime());
        ClusterNodes.table(url, "setid, destination", destinations.rows());
        ClusterNodes.insert(url, "setid, destination, attrs", more);
        try {
            PauseScene scene =
                    new PauseScene(nodes, destinations, ClusterNodes.start(new ClusterNodes.Plan(nodes, url, MORE)));
            scene.awaitStable();
            return scene;
        } catch (RuntimeException | Error e) {
            destinations.close();
            throw e;
        }
    }

    /** Places that many calls per second through each of these nodes, and waits until they succeed. */
    void call(List<Integer> through, int perSecond) {
        for (int node : through) {
            callers.put(node, CallingAgent.start("127.0.0.1", cluster.sip(node), perSecond));
        }
        Awaitility.await().atMost(LONGEST).until(() -> callers.values().stream().allMatch(one -> one.completed() > 10));
    }

    /** Waits until all nodes are members and agree for a while on the owner of each destination. */
    void awaitStable() {
        cluster.awaitMembers(nodes);
        Map<String, String> before = new TreeMap<>();
        long[] sinceNs = {System.nanoTime()};
        Awaitility.await()
                .pollInterval(Duration.ofMillis(200))
                .atMost(LONGEST)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> {
                    Map<String, String> now = owners();
                    if (!now.equals(before) || now.containsValue("")) {
                        before.clear();
                        before.putAll(now);
                        sinceNs[0] = System.nanoTime();
                    }
                    return System.nanoTime() - sinceNs[0] > STABLE_NS;
                });
    }

    private Map<String, String> owners() {
        Map<String, String> owners = new TreeMap<>();
        for (int i = 0; i < destinations.size(); i++) {
            owners.put(
                    destinations.id(i),
                    cluster.report(0, destinations.id(i)).path("node").asText());
        }
        return owners;
    }

    /** The node with the actor of that destination. */
    int owner(int destination) {
        String name = owners().get(destinations.id(destination));
        for (int node = 0; node < nodes; node++) {
            if (cluster.name(node).equals(name)) {
                return node;
            }
        }
        throw new AssertionError("nobody is called '" + name + "'");
    }

    ClusterNodes cluster() {
        return cluster;
    }

    int nodes() {
        return nodes;
    }

    WatchedDestinations destinations() {
        return destinations;
    }

    /** The difference between {@link System#nanoTime} and the wall clock in nanoseconds. */
    long wallNs() {
        return wallNs;
    }

    void pause(int node) {
        stoppedNs.put(node, System.nanoTime());
        cluster.pause(node);
    }

    /** Resumes the node and returns the time. */
    long resume(int node) {
        long resumedNs = System.nanoTime();
        cluster.resume(node);
        pauses.add(new Pause(node, stoppedNs.remove(node), resumedNs));
        return resumedNs;
    }

    /** The finished pauses. */
    List<Pause> pauses() {
        return List.copyOf(pauses);
    }

    /** Stops placing calls and waits for the end of the open ones. */
    void hangUp() throws InterruptedException {
        for (CallingAgent caller : callers.values()) {
            caller.finish();
        }
    }

    List<CallsInPauses.Placed> calls() {
        List<CallsInPauses.Placed> all = new ArrayList<>();
        callers.forEach((node, caller) -> caller.ended()
                .forEach(call ->
                        all.add(new CallsInPauses.Placed(node, call.beganNs(), call.endedNs(), call.failure()))));
        return all;
    }

    List<DeciderOverlap.PingSeen> pings(long fromNs) {
        return destinations.pings(fromNs, Long.MAX_VALUE).stream()
                .map(ping ->
                        new DeciderOverlap.PingSeen(destinations.id(ping.destination()), node(ping.by()), ping.atNs()))
                .toList();
    }

    List<HeldInvites.InviteSeen> invites() {
        return destinations.calls().stream()
                .map(call -> new HeldInvites.InviteSeen(
                        destinations.id(call.destination()),
                        node(call.by()),
                        call.callId(),
                        stalls.earliestNs(call.atNs())))
                .toList();
    }

    /** The longest time for which this process had no processor. */
    long longestStallNs() {
        return stalls.longestNs();
    }

    /** Waits until that much time has passed since then. */
    static void awaitMs(long sinceNs, long ms) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .pollDelay(Duration.ZERO)
                .atMost(Duration.ofMillis(2 * ms + 10_000))
                .until(() -> System.nanoTime() - sinceNs >= ms * 1_000_000);
    }

    private static int node(String host) {
        return Integer.parseInt(host.substring(host.lastIndexOf('.') + 1)) - 1;
    }

    @Override
    public void close() {
        stalls.close();
        for (CallingAgent caller : callers.values()) {
            try {
                caller.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        try {
            cluster.close();
        } finally {
            destinations.close();
        }
    }
}
