package org.sipdispatch.proxy;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.proxy.FlowTokens.FlowToken;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.NameAddr;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;

/**
 * A request's Route set as it was received (RFC 3261 section 16.4): which leading values are ours, and the next target
 * after them.
 *
 * @param values all Route values, top first
 * @param own the number of leading values that name this node
 * @param socket the socket of the last of these, which sends the request; null if there is none
 * @param initiator the party that started the dialog, by a valid route token; null without a valid route token
 * @param flow the flow to a client whose REGISTER got our Path and that is called, by a valid token; null without one
 * @param callerFlow the flow to the party that started the dialog, by a valid token; null without one
 * @param strict whether the sender is a strict router that put our URI into the Request-URI
 */
record RouteSet(
        List<Value> values,
        int own,
        ListenSocket socket,
        NameAddr initiator,
        FlowToken flow,
        FlowToken callerFlow,
        boolean strict) {
    private static final RouteSet NONE = new RouteSet(List.of(), 0, null, null, null, null, false);

    /** One Route value: its header field and the range to remove with it. */
    record Value(int header, int start, int end, NameAddr address, SipUri uri) {
        /** Whether the value names a strict router. Some user agents write {@code lr} after the angle brackets. */
        boolean isStrict() {
            return uri.parameter("lr") == Parameters.ABSENT && address.parameter("lr") == Parameters.ABSENT;
        }
    }

    /** Reads the Route set; null if it is malformed. */
    static RouteSet of(SipRequest request, ListenSockets sockets, RouteTokens routeTokens, FlowTokens flows) {
        if (request.first(HeaderName.ROUTE) < 0) {
            return NONE;
        }
        List<Value> values = values(request);
        if (values == null) {
            return null;
        }
        // A strict router puts our URI, and thus our route token, into the Request-URI.
        NameAddr beginner = values.isEmpty() || sockets.own(request.requestUri()) == null
                ? null
                : routeTokens.initiator(request, request.requestUri(), null);
        boolean strict = beginner != null;
        // After a strict router, the last value is not a route but the Request-URI (RFC 3261 section 16.4).
        int routes = strict ? values.size() - 1 : values.size();
        int own = 0;
        ListenSocket socket = strict ? sockets.own(request.requestUri()) : null;
        FlowToken flow = strict ? flow(request, request.requestUri(), routeTokens, flows) : null;
        FlowToken callerFlow = strict ? callerFlow(request, request.requestUri(), routeTokens, flows) : null;
        while (own < routes && sockets.own(values.get(own).uri()) != null) {
            socket = sockets.own(values.get(own).uri());
            if (beginner == null) {
                beginner = routeTokens.initiator(
                        request, values.get(own).uri(), values.get(own).address());
            }
            // The last token is nearest to the client.
            FlowToken next = flow(request, values.get(own).uri(), routeTokens, flows);
            flow = next == null ? flow : next;
            FlowToken ofCaller = callerFlow(request, values.get(own).uri(), routeTokens, flows);
            callerFlow = ofCaller == null ? callerFlow : ofCaller;
            own++;
        }
        return new RouteSet(values, own, socket, beginner, flow, callerFlow, strict);
    }

    /** A flow token beside a route token belongs to its dialog; one without a route token comes from a Path. */
    private static FlowToken flow(SipRequest request, SipUri uri, RouteTokens routeTokens, FlowTokens flows) {
        if (!RouteTokens.isIn(uri)) {
            return flows.read(uri, FlowTokens.TO_CALLEE, RouteTokens.NONE);
        }
        return dialogFlow(request, uri, FlowTokens.TO_CALLEE, routeTokens, flows);
    }

    private static FlowToken callerFlow(SipRequest request, SipUri uri, RouteTokens routeTokens, FlowTokens flows) {
        return dialogFlow(request, uri, FlowTokens.TO_CALLER, routeTokens, flows);
    }

    private static FlowToken dialogFlow(
            SipRequest request, SipUri uri, String parameter, RouteTokens routeTokens, FlowTokens flows) {
        NameAddr beginner = FlowTokens.isIn(uri, parameter) ? routeTokens.initiator(request, uri, null) : null;
        return beginner == null ? null : flows.read(uri, parameter, routeTokens.hash(request, uri, beginner));
    }

    private static List<Value> values(SipRequest request) {
        List<Value> values = new ArrayList<>(2);
        byte[] bytes = request.bytes();
        for (int i = request.first(HeaderName.ROUTE); i >= 0; i = request.next(HeaderName.ROUTE, i + 1)) {
            int start = request.valueStart(i);
            int end = request.valueEnd(i);
            while (start < end) {
                NameAddr address = NameAddr.parse(bytes, start, end);
                SipUri uri = address == null ? null : address.routeUri();
                if (uri == null) {
                    return null;
                }
                values.add(new Value(i, start, address.end(), address, uri));
                start = address.end() + 1;
            }
        }
        return values;
    }

    /** Whether a value has a valid route token, which proves that this proxy or a peer wrote it. */
    boolean hasRouteToken() {
        return initiator != null;
    }

    /** Whether the requests that come along this Path and begin a dialog get our Record-Route. */
    boolean recordsRoute() {
        return flow != null && flow.recordRoute();
    }

    /** The same for a request of the client itself, which uses its Path as a Route. */
    RouteSet withoutFlow() {
        return new RouteSet(values, own, socket, initiator, null, callerFlow, strict);
    }

    /** The number of values after ours. */
    int remaining() {
        return values.size() - own;
    }

    /** The next target: the next Route value, or the Request-URI if none is left. */
    SipUri nextUri(SipRequest request) {
        return remaining() > 0 ? values.get(own).uri() : request.requestUri();
    }
}
