package org.sipdispatch.relay;

import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.sip.SipRequest;

/**
 * A request that passed the checks, with what was found out about it.
 *
 * @param key its transaction's key
 * @param loop the hash that tells a loop
 */
record Arrival(Lane lane, SipRequest request, Flow flow, long key, long loop, DialogRoute route) {
    RequestFacts facts() {
        return new RequestFacts(request, flow.source(), flow.socket().name());
    }

    /** Whether the request's own Route says where it goes, {@code $du} being set in the words of OpenSIPS. */
    boolean hasNextHop() {
        return route.remaining() > 0;
    }

    /** What our Record-Route bears for the request's Call-ID. */
    long seal() {
        return lane.keys.seal(request);
    }
}
