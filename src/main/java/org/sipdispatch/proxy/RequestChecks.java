package org.sipdispatch.proxy;

import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.sip.Via;
import org.sipdispatch.transaction.ListenSockets;

/** Request validation (RFC 3261 section 16.3). */
final class RequestChecks {
    private static final Rejection SCHEME = new Rejection(
            416,
            "Unsupported URI Scheme",
            LaneCounter.REFUSED,
            "the scheme of its Request-URI is neither sip nor sips");
    static final Rejection TOO_MANY_HOPS =
            new Rejection(483, "Too Many Hops", LaneCounter.REFUSED, "its Max-Forwards is 0");
    private static final Rejection BAD_VIA = new Rejection(400, "Bad Via", LaneCounter.REFUSED, "a Via is malformed");
    private static final Rejection LOOP = new Rejection(
            482,
            "Loop Detected",
            LaneCounter.LOOPS,
            "one of its Vias shows that this node has processed the same request before");
    private static final LocalReply EXTENSION = new LocalReply(420, "Bad Extension");

    private RequestChecks() {}

    /** The rejection to send; null if the request is valid. */
    static Rejection refusal(SipRequest request, long loop, ListenSockets sockets) {
        if (request.requestUri().scheme() == SipUri.Scheme.OTHER) {
            return SCHEME;
        }
        if (request.maxForwards() == 0 && !isForThisProxy(request, sockets)) {
            return TOO_MANY_HOPS;
        }
        Rejection path = pathRefusal(request, loop, sockets);
        if (path != null) {
            return path;
        }
        return request.first(HeaderName.PROXY_REQUIRE) >= 0 && mayRequire(request) ? extension(request) : null;
    }

    private static Rejection extension(SipRequest request) {
        return new Rejection(
                EXTENSION,
                LaneCounter.REFUSED,
                unsupported(request),
                "its Proxy-Require names an extension, and this proxy supports none");
    }

    /** OPTIONS to our own address, without a user, is for this proxy (RFC 3261 section 11). */
    static boolean isForThisProxy(SipRequest request, ListenSockets sockets) {
        return request.isMethod("OPTIONS")
                && request.requestUri().userStart() == request.requestUri().userEnd()
                && sockets.own(request.requestUri()) != null;
    }

    /** An ACK or CANCEL ignores required extensions (RFC 3261 section 8.2.2.3). */
    private static boolean mayRequire(SipRequest request) {
        return !request.isMethod("ACK") && !request.isMethod("CANCEL");
    }

    /** The rejection if a Via is malformed, or if one shows that the request loops. */
    private static Rejection pathRefusal(SipRequest request, long loop, ListenSockets sockets) {
        byte[] bytes = request.bytes();
        Via via = request.topVia();
        boolean loops = false;
        for (int i = request.first(HeaderName.VIA); i >= 0; i = request.next(HeaderName.VIA, i + 1)) {
            int start = request.valueStart(i);
            while (start < request.valueEnd(i)) {
                via = via == null ? Via.parse(bytes, start, request.valueEnd(i)) : via;
                if (via == null) {
                    return BAD_VIA;
                }
                Branch branch = Branch.of(via);
                // The next hop may be another node with the same secret: only a Via of this node indicates a loop.
                loops |= branch != null && branch.isSameLoop(loop) && sockets.isOwn(bytes, via);
                start = via.end() + 1;
                via = null;
            }
        }
        return loops ? LOOP : null;
    }

    /** The Unsupported header of a 420. It lists all required extensions, because this proxy supports none. */
    private static String unsupported(SipRequest request) {
        StringBuilder lines = new StringBuilder();
        for (int i = request.first(HeaderName.PROXY_REQUIRE);
                i >= 0;
                i = request.next(HeaderName.PROXY_REQUIRE, i + 1)) {
            lines.append("Unsupported: ")
                    .append(org.sipdispatch.sip.Ascii.text(request.bytes(), request.valueStart(i), request.valueEnd(i)))
                    .append("\r\n");
        }
        return lines.toString();
    }
}
