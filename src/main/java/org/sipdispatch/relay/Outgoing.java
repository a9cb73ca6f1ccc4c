package org.sipdispatch.relay;

import java.util.List;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.sip.ByteSink;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.ReplyWriter;
import org.sipdispatch.sip.Rewriter;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.sip.Via;

/**
 * Writes what leaves this proxy (RFC 3261 sections 16.6 and 16.7): the message as it came, except for what a proxy
 * owns. Reused, not thread-safe.
 */
final class Outgoing {
    /** Methods that form a dialog, so that a Record-Route means something. */
    private static final List<String> DIALOG_METHODS = List.of("INVITE", "SUBSCRIBE", "REFER", "NOTIFY");

    private final TransactionKey keys;
    private final SourceTexts sources;
    private final Rewriter rewriter = new Rewriter();

    Outgoing(TransactionKey keys, SourceTexts sources) {
        this.keys = keys;
        this.sources = sources;
    }

    /**
     * What a forwarded request needs beside itself.
     *
     * @param alongRoute whether the Route says where it goes; where a destination was selected, the Route is left to it
     * @param domain the URI whose host, port and parameters replace those of the Request-URI; null to leave it
     */
    record Changes(
            Flow from,
            Hop to,
            Branch branch,
            DialogRoute route,
            boolean alongRoute,
            SipUri domain,
            boolean recordRoute) {}

    /** The request to send; valid until the next message is written. */
    ByteSink request(SipRequest request, Changes changes) {
        rewriter.begin(request);
        if (changes.domain != null) {
            rewriteDomain(request, changes.domain);
        }
        ByteSink top = rewriter.insert(request.firstHeader());
        top.put(changes.to.socket().viaStart());
        changes.branch.writeTo(top);
        if (changes.from.connection() != Flow.NO_CONNECTION) {
            top.put(";i=").put(Long.toHexString(changes.from.connection()));
        }
        top.put("\r\n");
        if (changes.recordRoute && isDialogMethod(request) && !request.hasToTag()) {
            recordRoute(top, changes, keys.seal(request));
        }
        ReplyWriter.completeVia(rewriter, request, sources.of(changes.from));
        countDown(request);
        dropOwnRoutes(request, changes.route);
        if (changes.alongRoute && !changes.route.strict()) {
            fixStrictReceiver(request, changes.route);
        }
        if (changes.to.socket().protocol().isReliable() && request.first(HeaderName.CONTENT_LENGTH) < 0) {
            rewriter.insert(request.firstHeader())
                    .put("Content-Length: ")
                    .putNumber(request.end() - request.bodyStart())
                    .put("\r\n");
        }
        return rewriter.finish();
    }

    private static boolean isDialogMethod(SipRequest request) {
        for (String method : DIALOG_METHODS) {
            if (request.isMethod(method)) {
                return true;
            }
        }
        return false;
    }

    /** Two of them where the request leaves by another socket than it came in on (RFC 5658). */
    private static void recordRoute(ByteSink out, Changes changes, long seal) {
        recordRoute(out, changes.to.socket(), seal);
        if (changes.to.socket() != changes.from.socket()) {
            recordRoute(out, changes.from.socket(), seal);
        }
    }

    private static void recordRoute(ByteSink out, ListenSocket socket, long seal) {
        out.put("Record-Route: ")
                .put(socket.recordRouteStart())
                .putBase64(seal, SealText.DIGITS)
                .put(">\r\n");
    }

    private void countDown(SipRequest request) {
        int header = request.first(HeaderName.MAX_FORWARDS);
        if (header < 0) {
            rewriter.insert(request.firstHeader()).put("Max-Forwards: 70\r\n");
        } else {
            rewriter.replace(request.valueStart(header), request.valueEnd(header))
                    .putNumber(request.maxForwards() - 1);
        }
    }

    /** As {@code ds_select_domain} does: user, password, parameters and headers stay, a maddr goes. */
    private void rewriteDomain(SipRequest request, SipUri domain) {
        SipUri uri = request.requestUri();
        if (!uri.isSip()) {
            return;
        }
        byte[] bytes = domain.bytes();
        rewriter.replace(uri.hostStart(), uri.hostPortEnd()).put(bytes, domain.hostStart(), domain.parametersEnd());
        long maddr = uri.parameter("maddr");
        if (maddr != Parameters.ABSENT) {
            rewriter.delete(Parameters.start(maddr) - ";maddr=".length(), Parameters.end(maddr));
        }
    }

    private void dropOwnRoutes(SipRequest request, DialogRoute route) {
        if (route.strict()) {
            fixStrictSender(request, route);
            return;
        }
        for (int i = 0; i < route.own(); ) {
            int header = route.values().get(i).header();
            int next = i;
            while (next < route.own() && route.values().get(next).header() == header) {
                next++;
            }
            boolean whole =
                    next == route.values().size() || route.values().get(next).header() != header;
            if (whole) {
                rewriter.delete(request.lineStart(header), request.lineEnd(header));
            } else {
                rewriter.delete(
                        request.valueStart(header), route.values().get(next).start());
            }
            i = next;
        }
    }

    /** RFC 3261 section 16.4: the last Route value is the real Request-URI. */
    private void fixStrictSender(SipRequest request, DialogRoute route) {
        DialogRoute.Value last = route.values().get(route.values().size() - 1);
        rewriter.replace(request.uriStart(), request.uriEnd())
                .put(request.bytes(), last.address().uriStart(), last.address().uriEnd());
        dropValue(request, route, route.values().size() - 1);
    }

    /** RFC 3261 section 16.6 step 6: a next hop without lr wants itself in the Request-URI. */
    private void fixStrictReceiver(SipRequest request, DialogRoute route) {
        if (route.remaining() == 0) {
            return;
        }
        DialogRoute.Value next = route.values().get(route.own());
        if (next.uri().parameter("lr") != Parameters.ABSENT) {
            return;
        }
        rewriter.replace(request.uriStart(), request.uriEnd())
                .put(request.bytes(), next.address().uriStart(), next.address().uriEnd());
        int lastHeader = route.values().get(route.values().size() - 1).header();
        rewriter.insert(request.lineEnd(lastHeader))
                .put("Route: <")
                .put(request.bytes(), request.uriStart(), request.uriEnd())
                .put(">\r\n");
        dropValue(request, route, route.own());
    }

    /** Takes one Route value out, with its comma or with its whole line if it is alone there. */
    private void dropValue(SipRequest request, DialogRoute route, int place) {
        DialogRoute.Value value = route.values().get(place);
        boolean first = value.start() == request.valueStart(value.header())
                || place > 0
                        && place == route.own()
                        && route.values().get(place - 1).header() == value.header();
        boolean last = place + 1 == route.values().size()
                || route.values().get(place + 1).header() != value.header();
        if (first && last) {
            boolean lineIsGone = value.start() != request.valueStart(value.header());
            rewriter.delete(
                    lineIsGone ? value.start() : request.lineStart(value.header()), request.lineEnd(value.header()));
        } else if (last) {
            rewriter.delete(route.values().get(place - 1).end(), value.end());
        } else {
            rewriter.delete(value.start(), route.values().get(place + 1).start());
        }
    }

    /** The response without our Via, to be sent to the one below it; valid until the next message is written. */
    ByteSink response(SipResponse response) {
        rewriter.begin(response);
        dropTopVia(response);
        return rewriter.finish();
    }

    private void dropTopVia(SipResponse response) {
        int header = response.first(HeaderName.VIA);
        Via top = response.topVia();
        if (top.end() < response.valueEnd(header)) {
            rewriter.delete(response.valueStart(header), top.end() + 1);
        } else {
            rewriter.delete(response.lineStart(header), response.lineEnd(header));
        }
    }

    /** The same, with header lines of other responses added to it. */
    ByteSink response(SipResponse response, List<byte[]> extraLines) {
        rewriter.begin(response);
        dropTopVia(response);
        for (byte[] line : extraLines) {
            rewriter.insert(response.bodyStart() - 2).put(line);
        }
        return rewriter.finish();
    }

    /** Where a response goes when it has left us: the Via below the top one; null if there is none. */
    static Via below(SipResponse response) {
        int header = response.first(HeaderName.VIA);
        int end = response.valueEnd(header);
        int behind = response.topVia().end();
        if (behind < end) {
            return Via.parse(response.bytes(), behind + 1, end);
        }
        int next = response.next(HeaderName.VIA, header + 1);
        return next < 0 ? null : Via.parse(response.bytes(), response.valueStart(next), response.valueEnd(next));
    }

    /** An ACK or CANCEL for one branch of a forwarded request (RFC 3261 sections 17.1.1.3 and 9.1). */
    byte[] companion(SipRequest sent, String method, SipResponse answered) {
        byte[] bytes = sent.bytes();
        ByteSink out = new ByteSink(512);
        out.put(method).put(' ').put(bytes, sent.uriStart(), sent.uriEnd()).put(" SIP/2.0\r\n");
        int via = sent.first(HeaderName.VIA);
        out.put(bytes, sent.lineStart(via), sent.lineEnd(via));
        for (int i = 0; i < sent.headers(); i++) {
            switch (sent.name(i)) {
                case FROM, CALL_ID, ROUTE -> out.put(bytes, sent.lineStart(i), sent.lineEnd(i));
                case TO -> to(out, sent, i, answered);
                default -> {}
            }
        }
        out.put("CSeq: ").put(Long.toString(sent.cseqNumber())).put(' ').put(method);
        return out.put("\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n").copy();
    }

    private static void to(ByteSink out, SipRequest sent, int header, SipResponse answered) {
        if (answered == null) {
            out.put(sent.bytes(), sent.lineStart(header), sent.lineEnd(header));
        } else {
            int to = answered.first(HeaderName.TO);
            out.put(answered.bytes(), answered.lineStart(to), answered.lineEnd(to));
        }
    }
}
