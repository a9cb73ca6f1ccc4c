package org.sipdispatch.proxy;

import java.util.ArrayDeque;
import java.util.Deque;
import org.sipdispatch.observation.Counter;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.Flow;

/**
 * New requests that wait since this node stood still: destinations may have been taken out meanwhile, and this node does
 * not know it yet. After a short pause the other nodes confirm within milliseconds what it knows, and the requests go on. After a
 * long one this node has to join the cluster again; then they are refused, so that callers go elsewhere.
 */
final class WaitingRequests {
    /** The answer to a request that has waited for too long, or for which there is no room. */
    static final Rejection STALE = new Rejection(
            new LocalReply(503, "Joining The Cluster Again"),
            Counter.REFUSED_STALE,
            "Retry-After: 3\r\n",
            "this node stood still, and the others have not confirmed yet what it knows");

    private static final long LONGEST_MS = 1_000;
    private static final int MOST = 2_000;

    private record Waiting(SipRequest request, Flow flow, long sinceMs) {}

    /** Carries a request as if it had come now. */
    interface Again {
        void received(SipRequest request, Flow flow);
    }

    private final TransactionKey keys;
    private final EventClock clock;
    private final ViewFreshness views;
    private final RoutingOutcome refusing;
    private final Again again;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    WaitingRequests(TransactionKey keys, EventClock clock, ViewFreshness views, RoutingOutcome refusing, Again again) {
        this.keys = keys;
        this.clock = clock;
        this.views = views;
        this.refusing = refusing;
        this.again = again;
    }

    void add(SipRequest request, Flow flow) {
        if (waiting.size() < MOST) {
            waiting.add(new Waiting(request, flow, clock.nowMs()));
        } else {
            refuse(request, flow);
        }
    }

    /** The cluster has confirmed what this node knows: all go on, in their order. */
    void goOn() {
        while (!waiting.isEmpty() && !views.isStale()) {
            Waiting next = waiting.remove();
            again.received(next.request(), next.flow());
        }
    }

    /** Refuses those that have waited for too long. */
    void tick() {
        // If one of them has failed, the others still go on.
        goOn();
        while (!waiting.isEmpty() && clock.nowMs() - waiting.peek().sinceMs() > LONGEST_MS) {
            Waiting oldest = waiting.remove();
            refuse(oldest.request(), oldest.flow());
        }
    }

    private void refuse(SipRequest request, Flow flow) {
        refusing.refused(request, flow, keys.of(request), STALE);
    }
}
