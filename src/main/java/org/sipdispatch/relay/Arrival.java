package org.sipdispatch.relay;

import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.sip.SipRequest;

/**
 * A request that passed the checks, with what was found out about it.
 *
 * @param key its transaction's key
 * @param loop the hash that tells a loop
 * @param seal what our Record-Route bears for its Call-ID
 */
record Arrival(SipRequest request, Flow flow, long key, long loop, DialogRoute route, long seal) {
    RequestFacts facts() {
        return new RequestFacts(request, flow.source(), flow.socket().name());
    }
}
