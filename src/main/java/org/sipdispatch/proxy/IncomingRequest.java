package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import org.sipdispatch.proxy.FlowTokens.FlowToken;
import org.sipdispatch.routing.KnownSets;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.Via;
import org.sipdispatch.transaction.Flow;

/**
 * A request that passed the checks, with the values derived from it.
 *
 * @param key the key of its transaction
 * @param loop the hash for loop detection
 */
record IncomingRequest(SipRequest request, Flow flow, long key, long loop, RouteSet route) {
    RequestFacts facts(KnownSets sets) {
        return new RequestFacts(request, flow.source(), flow.socket().name(), sets);
    }

    /** Whether it is an INVITE outside of a dialog. */
    boolean beginsCall() {
        return request.isMethod("INVITE") && !request.hasToTag();
    }

    /** Whether the request's own Route determines the next hop; OpenSIPS would have set {@code $du}. */
    boolean hasNextHop() {
        return route.remaining() > 0;
    }

    /**
     * The client that the request goes to, because our Path or Record-Route names its flow; null for none. Requests of a
     * dialog have the tokens of both parties in their Route, if both have one: it goes to the other one.
     */
    FlowToken toClient() {
        return isOfCallee() ? route.callerFlow() : route.flow();
    }

    /** Whether the party that did not start the dialog sent the request, according to the valid route token. */
    private boolean isOfCallee() {
        return route.hasRouteToken() && route.initiator() != request.from();
    }

    /** Whether its sender receives requests at this address: its source, with the port there or in the Via. */
    boolean leadsBackTo(InetSocketAddress address) {
        InetSocketAddress source = flow.source();
        return address.getAddress().equals(source.getAddress())
                && (address.getPort() == source.getPort() || address.getPort() == viaPort());
    }

    private int viaPort() {
        return request.topVia().port() == Via.NO_PORT ? 5060 : request.topVia().port();
    }

    /**
     * Whether the request came from this address. The source port may differ from the sender's listening port, over TCP
     * it always does; the Via has the listening port.
     */
    boolean cameFrom(InetSocketAddress address) {
        InetSocketAddress source = flow.source();
        int port = address.getPort();
        return address.getAddress().equals(source.getAddress())
                && (flow.socket().protocol().isReliable() || port == source.getPort() || port == viaPort());
    }
}
