package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.core.ConditionTimeoutException;

/** Follows a cluster's events at one node, and continues at another one if the node is paused or its stream ends. */
final class EventFollower implements AutoCloseable {
    private static final long EVERY_NANOS = 50_000_000;

    private final ClusterNodes cluster;
    private final int nodes;
    private final FollowedEvents events;
    private volatile boolean closed;
    private int node;

    private EventFollower(ClusterNodes cluster, int nodes) {
        this.cluster = cluster;
        this.nodes = nodes;
        events = new FollowedEvents(cluster);
    }

    static EventFollower start(ClusterNodes cluster, int nodes) {
        EventFollower follower = new EventFollower(cluster, nodes);
        try {
            follower.events.open(0, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestUserAgent.daemon("follower", follower::run);
        return follower;
    }

    private void run() {
        while (!closed) {
            if (cluster.isPaused(node) || events.hasEnded()) {
                moveOn();
            }
            LockSupport.parkNanos(EVERY_NANOS);
        }
    }

    private void moveOn() {
        node = (node + 1) % nodes;
        if (!cluster.isPaused(node)) {
            try {
                events.moveTo(node);
            } catch (ConditionTimeoutException e) {
                // That node accepts no clients; the next attempt tries the next node.
            }
        }
    }

    /** The received changes, in the order of their arrival. */
    List<JsonNode> changes() {
        return events.changes();
    }

    @Override
    public void close() {
        closed = true;
        events.close();
    }
}
