package org.sipdispatch.proxy;

import java.util.ArrayDeque;
import java.util.Deque;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.Flow;

/**
 * New requests that arrived after a pause of this process. Destinations may have become unusable during the pause, and
 * this node does not know it yet. After a short pause the other nodes confirm this node's views within milliseconds and
 * the requests continue. After a long pause this node must rejoin the cluster; the requests are then refused, so that
 * callers use another node.
 */
final class WaitingRequests {
    /** The response to a request that waited too long, or that arrived while the queue was full. */
    static final Rejection STALE = new Rejection(
            new LocalReply(503, "Rejoining The Cluster"),
            LaneCounter.REFUSED_STALE,
            "Retry-After: 3\r\n",
            "this node was paused, and the other nodes have not confirmed its membership yet");

    private static final long MAX_WAIT_MS = 1_000;
    private static final int MAX_WAITING = 2_000;

    private record WaitingRequest(SipRequest request, Flow flow, long sinceMs) {}

    /** Processes a request as if it had just arrived. */
    interface RequestReceiver {
        void received(SipRequest request, Flow flow);
    }

    private final TransactionKey keys;
    private final EventClock clock;
    private final ViewFreshness views;
    private final RoutingOutcome outcome;
    private final RequestReceiver handler;
    private final Deque<WaitingRequest> waiting = new ArrayDeque<>();

    WaitingRequests(
            TransactionKey keys,
            EventClock clock,
            ViewFreshness views,
            RoutingOutcome refusing,
            RequestReceiver again) {
        this.keys = keys;
        this.clock = clock;
        this.views = views;
        this.outcome = refusing;
        this.handler = again;
    }

    void add(SipRequest request, Flow flow) {
        if (waiting.size() < MAX_WAITING) {
            waiting.add(new WaitingRequest(request, flow, clock.nowMs()));
        } else {
            refuse(request, flow);
        }
    }

    /** The cluster has confirmed this node's views: processes all waiting requests in order. */
    void resume() {
        while (!waiting.isEmpty() && !views.isStale()) {
            WaitingRequest next = waiting.remove();
            handler.received(next.request(), next.flow());
        }
    }

    /** Refuses requests that have waited too long. */
    void tick() {
        // If processing of one request threw an exception, the others still continue.
        resume();
        while (!waiting.isEmpty() && clock.nowMs() - waiting.peek().sinceMs() > MAX_WAIT_MS) {
            WaitingRequest oldest = waiting.remove();
            refuse(oldest.request(), oldest.flow());
        }
    }

    private void refuse(SipRequest request, Flow flow) {
        outcome.refused(request, flow, keys.of(request), STALE);
    }
}
