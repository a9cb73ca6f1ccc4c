package org.sipdispatch.relay;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.NameAddr;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipUri;

/**
 * A request's Route set as it stands when it reaches us (RFC 3261 section 16.4): which values at the top are ours, and
 * where the request goes behind them.
 *
 * @param values all Route values, top first
 * @param own how many at the top name this node
 * @param socket the socket of the last of these, from which the request goes on; null if there is none
 * @param sealed whether one of ours bears our seal for this Call-ID, so that we put it there
 * @param strict whether the sender is a strict router that put our URI into the Request-URI
 */
record DialogRoute(List<Value> values, int own, ListenSocket socket, boolean sealed, boolean strict) {
    private static final DialogRoute NONE = new DialogRoute(List.of(), 0, null, false, false);

    /** One Route value and where it stands: its header field and the range to take out with it. */
    record Value(int header, int start, int end, NameAddr address) {
        SipUri uri() {
            return address.uri();
        }
    }

    /** Reads the Route set; null if it is malformed. */
    static DialogRoute of(SipRequest request, Lane lane) {
        return request.first(HeaderName.ROUTE) < 0 ? NONE : of(request, lane.sockets, lane.keys.seal(request));
    }

    private static DialogRoute of(SipRequest request, ListenSockets sockets, long seal) {
        List<Value> values = values(request);
        if (values == null) {
            return null;
        }
        boolean strict =
                !values.isEmpty() && sockets.own(request.requestUri()) != null && bears(request.requestUri(), seal);
        // Behind a strict router the last value is no route but the Request-URI (RFC 3261 section 16.4).
        int routes = strict ? values.size() - 1 : values.size();
        int own = 0;
        ListenSocket socket = strict ? sockets.own(request.requestUri()) : null;
        boolean sealed = strict;
        while (own < routes && sockets.own(values.get(own).uri()) != null) {
            socket = sockets.own(values.get(own).uri());
            sealed |= bears(values.get(own).uri(), seal);
            own++;
        }
        return new DialogRoute(values, own, socket, sealed, strict);
    }

    private static List<Value> values(SipRequest request) {
        List<Value> values = new ArrayList<>(2);
        byte[] bytes = request.bytes();
        for (int i = request.first(HeaderName.ROUTE); i >= 0; i = request.next(HeaderName.ROUTE, i + 1)) {
            int start = request.valueStart(i);
            int end = request.valueEnd(i);
            while (start < end) {
                NameAddr address = NameAddr.parse(bytes, start, end);
                if (address == null || address.uri() == null) {
                    return null;
                }
                values.add(new Value(i, start, address.end(), address));
                start = address.end() + 1;
            }
        }
        return values;
    }

    private static boolean bears(SipUri uri, long seal) {
        long range = uri.parameter("k");
        return range != Parameters.ABSENT
                && SealText.is(uri.bytes(), Parameters.start(range), Parameters.end(range), seal);
    }

    /** How many values remain behind ours. */
    int remaining() {
        return values.size() - own;
    }

    /** Where the request goes next by its Route: the next value, or the Request-URI if none is left. */
    SipUri nextUri(SipRequest request) {
        return remaining() > 0 ? values.get(own).uri() : request.requestUri();
    }
}
