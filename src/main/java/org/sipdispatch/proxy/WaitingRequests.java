package org.sipdispatch.proxy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.transaction.EventClock;

/**
 * Requests that wait after a pause of this process: new ones, and those of which the next destination is to be tried.
 * Destinations may have become unusable during the pause, and this node does not know it yet. After a short pause the
 * other nodes confirm this node's views within milliseconds and the requests continue. After a long pause this node must
 * rejoin the cluster; the requests are then refused, so that callers use another node.
 */
final class WaitingRequests {
    /** The response to a request that waited too long, or that arrived while the queue was full. */
    static final LocalReply REJOINING = new LocalReply(503, "Rejoining The Cluster", Duration.ofSeconds(3));

    private static final long MAX_WAIT_MS = 1_000;
    private static final int MAX_WAITING = 2_000;

    private record WaitingRequest(Runnable resume, Runnable refuse, long sinceMs) {}

    private final EventClock clock;
    private final ViewFreshness views;
    private final LaneCounters counters;
    private final Deque<WaitingRequest> waiting = new ArrayDeque<>();

    WaitingRequests(EventClock clock, ViewFreshness views, LaneCounters counters) {
        this.clock = clock;
        this.views = views;
        this.counters = counters;
    }

    /** Whether the cluster has not yet confirmed the views since the last pause. */
    boolean isNeeded() {
        return views.isStale();
    }

    /**
     * Adds a request.
     *
     * @param resume continues with the request
     * @param refuse answers it with {@link #REJOINING}
     */
    void add(Runnable resume, Runnable refuse) {
        WaitingRequest request = new WaitingRequest(resume, refuse, clock.nowMs());
        if (waiting.size() < MAX_WAITING) {
            waiting.add(request);
        } else {
            refuse(request);
        }
    }

    /** The cluster has confirmed this node's views: continues with all waiting requests in order. */
    void resume() {
        while (!waiting.isEmpty() && !views.isStale()) {
            waiting.remove().resume().run();
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Refuses requests that have waited too long. */
    void tick() {
        // If processing of one request threw an exception, the others still continue.
        resume();
        while (!waiting.isEmpty() && clock.nowMs() - waiting.peek().sinceMs() > MAX_WAIT_MS) {
            refuse(waiting.remove());
        }
    }

    private void refuse(WaitingRequest request) {
        counters.add(LaneCounter.REFUSED_STALE);
        request.refuse().run();
    }
}
