package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import org.sipdispatch.proxy.FlowTokens.FlowToken;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.SocketAddresses;

/** Derives from a request the values that routing and forwarding need. */
record RequestPreprocessor(TransactionKey keys, ListenSockets sockets, RouteTokens routeTokens, FlowTokens flows) {
    /** Returns the request with its loop hash and Route set; null if a Route is malformed. */
    IncomingRequest read(SipRequest request, Flow flow, long key) {
        return read(request, flow, key, keys.loopHash(request));
    }

    /** Like {@link #read(SipRequest, Flow, long)}, with a known loop hash. */
    IncomingRequest read(SipRequest request, Flow flow, long key, long loop) {
        RouteSet route = RouteSet.of(request, sockets, routeTokens, flows);
        if (route != null && route.flow() != null && !route.hasRouteToken() && isFrom(route.flow(), request, flow)) {
            route = route.withoutFlow();
        }
        return route == null ? null : new IncomingRequest(request, flow, key, loop, route);
    }

    private static boolean isFrom(FlowToken client, SipRequest request, Flow flow) {
        InetSocketAddress address = client.hop() == null ? null : client.hop().remote();
        return flow.source().equals(address)
                || SocketAddresses.replyTo(request, flow).equals(address);
    }
}
