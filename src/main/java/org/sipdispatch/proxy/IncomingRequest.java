package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.Via;
import org.sipdispatch.transaction.Flow;

/**
 * A request that passed the checks, with what was found out about it.
 *
 * @param key its transaction's key
 * @param loop the hash that tells a loop
 */
record IncomingRequest(SipRequest request, Flow flow, long key, long loop, RouteSet route) {
    RequestFacts facts() {
        return new RequestFacts(request, flow.source(), flow.socket().name());
    }

    /** Whether the request's own Route says where it goes, {@code $du} being set in the words of OpenSIPS. */
    boolean hasNextHop() {
        return route.remaining() > 0;
    }

    /**
     * Whether it came from there. A sender need not send from the port that it listens on: over TCP it never does, and
     * its Via tells that port.
     */
    boolean cameFrom(InetSocketAddress address) {
        InetSocketAddress source = flow.source();
        int port = address.getPort();
        int viaPort =
                request.topVia().port() == Via.NO_PORT ? 5060 : request.topVia().port();
        return address.getAddress().equals(source.getAddress())
                && (flow.socket().protocol().isReliable() || port == source.getPort() || port == viaPort);
    }
}
