package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.sipdispatch.pauses.StateSeen;
import org.sipdispatch.pauses.StateVersion;
import org.sipdispatch.pauses.ViewSeen;

/** Polls the views of all destinations on each node, and keeps all responses. */
final class ViewRecord implements AutoCloseable {
    /**
     * A destination in a node's view.
     *
     * @param askedNs the time of the request; the state is from that time or later
     * @param order the reason of the state
     */
    record Look(
            int node,
            String destination,
            String state,
            StateVersion version,
            String order,
            long sinceMs,
            long askedNs,
            long answeredNs) {
        boolean held() {
            return state.equals("Inactive");
        }

        StateSeen seen() {
            return new StateSeen(order, version, held(), StateSeen.UNKNOWN, "node " + (node + 1) + "'s view");
        }

        ViewSeen view() {
            return new ViewSeen(node, destination, version, state + " " + order, askedNs, answeredNs);
        }
    }

    private final ClusterNodes cluster;
    private final long everyNanos;
    private final Queue<Look> looks = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    private ViewRecord(ClusterNodes cluster, long everyMs) {
        this.cluster = cluster;
        everyNanos = everyMs * 1_000_000;
    }

    static ViewRecord start(ClusterNodes cluster, int nodes, long everyMs) {
        ViewRecord views = new ViewRecord(cluster, everyMs);
        for (int i = 0; i < nodes; i++) {
            int node = i;
            TestUserAgent.daemon("views-" + node, () -> views.run(node));
        }
        return views;
    }

    private void run(int node) {
        while (!closed) {
            long askedNs = System.nanoTime();
            try {
                looks.addAll(look(cluster, node, askedNs));
            } catch (UncheckedIOException e) {
                // The node is paused for longer than the request's timeout.
            }
            LockSupport.parkNanos(everyNanos);
        }
    }

    /** The current view of a node. */
    static List<Look> look(ClusterNodes cluster, int node) {
        return look(cluster, node, System.nanoTime());
    }

    private static List<Look> look(ClusterNodes cluster, int node, long askedNs) {
        List<JsonNode> rows = cluster.destinations(node);
        long answeredNs = System.nanoTime();
        return rows.stream().map(row -> of(node, row, askedNs, answeredNs)).toList();
    }

    private static Look of(int node, JsonNode row, long askedNs, long answeredNs) {
        return new Look(
                node,
                row.path("id").asText(),
                row.path("state").asText(),
                StateVersion.of(row.path("version").asText()),
                row.path("why").asText(),
                row.path("sinceMs").asLong(),
                askedNs,
                answeredNs);
    }

    List<Look> all() {
        return List.copyOf(looks);
    }

    void forget() {
        looks.clear();
    }

    @Override
    public void close() {
        closed = true;
    }
}
