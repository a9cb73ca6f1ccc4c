package org.sipdispatch.proxy;

import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSockets;

/** Derives from a request the values that routing and forwarding need. */
record IncomingRequestReader(TransactionKey keys, ListenSockets sockets, Seals seals) {
    /** Returns the request with its loop hash and Route set; null if a Route is malformed. */
    IncomingRequest read(SipRequest request, Flow flow, long key) {
        return read(request, flow, key, keys.loopHash(request));
    }

    /** Like {@link #read(SipRequest, Flow, long)}, with a known loop hash. */
    IncomingRequest read(SipRequest request, Flow flow, long key, long loop) {
        RouteSet route = RouteSet.of(request, sockets, seals);
        return route == null ? null : new IncomingRequest(request, flow, key, loop, route);
    }
}
