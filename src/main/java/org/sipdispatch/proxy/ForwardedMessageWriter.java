package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import org.sipdispatch.proxy.BestResponse.Challenge;
import org.sipdispatch.routing.RuleHeaders;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.MessageEditor;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.ResponseWriter;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.sip.Via;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SocketAddresses;

/**
 * Writes forwarded messages (RFC 3261 sections 16.6 and 16.7): a copy of the received message, changed only where a
 * proxy must change it. Reused; not thread-safe.
 */
final class ForwardedMessageWriter {
    private final TransactionKey keys;
    private final RecordRoutes recordRoutes;
    private final FlowTokens flows;
    private final LargeRequests large;
    private final ReceivedParameterCache sources;
    private final ChallengerTokens challengers;
    private final MessageEditor editor = new MessageEditor();
    private NextHop hop;

    ForwardedMessageWriter(
            TransactionKey keys,
            RouteTokens routeTokens,
            FlowTokens flows,
            LargeRequests large,
            ReceivedParameterCache sources,
            ChallengerTokens challengers) {
        this.keys = keys;
        this.challengers = challengers;
        recordRoutes = new RecordRoutes(routeTokens, flows);
        this.flows = flows;
        this.large = large;
        this.sources = sources;
    }

    /**
     * What a forwarded request needs besides the received one.
     *
     * @param alongRoute whether the request follows its Route; if a destination was selected, the remaining Route is
     *     left unchanged
     * @param domain the URI whose host, port and parameters replace those of the Request-URI; null to keep them
     * @param recordRoute whether to add a Record-Route to a request that starts a dialog; a request of a dialog whose
     *     Route has our valid route token always gets one
     * @param additions what the rule adds
     */
    record Changes(
            Flow from,
            NextHop to,
            Branch branch,
            RouteSet route,
            boolean alongRoute,
            SipUri domain,
            boolean recordRoute,
            RuleAdditions additions) {
        private Changes withHop(NextHop other) {
            return new Changes(from, other, branch, route, alongRoute, domain, recordRoute, additions);
        }
    }

    /** The hop that the last request was written for: the given one, or the same address over TCP. */
    NextHop hop() {
        return hop;
    }

    /**
     * Returns the request to send to {@link #hop}; see {@link Changes} for the arguments. Valid until the next message is
     * written. A request that is too large for UDP is written for TCP, except to a client behind a NAT, which only the
     * flow of its REGISTER reaches.
     */
    ByteWriter request(
            IncomingRequest arrival,
            NextHop to,
            Branch branch,
            boolean alongRoute,
            SipUri domain,
            boolean recordRoute,
            RuleAdditions additions) {
        Changes changes =
                new Changes(arrival.flow(), to, branch, arrival.route(), alongRoute, domain, recordRoute, additions);
        ByteWriter message = write(arrival.request(), changes);
        hop = arrival.toClient() == null ? large.hop(to, message.length(), additions.blacklists()) : to;
        return hop == to ? message : write(arrival.request(), changes.withHop(hop));
    }

    private ByteWriter write(SipRequest request, Changes changes) {
        editor.begin(request);
        ByteWriter top = editor.insert(request.firstHeader());
        top.put(changes.to.socket().viaStart());
        changes.branch.writeTo(top);
        putReturnPath(top, request, changes);
        top.put("\r\n");
        recordRoutes.writeTo(top, request, changes);
        if (changes.additions.path()) {
            top.put("Path: ").put(changes.to.socket().pathStart());
            flows.writeTo(top, request, changes.from, changes.recordRoute);
            top.put(">\r\n");
        }
        ResponseWriter.completeVia(editor, request, sources.of(changes.from));
        decrementMaxForwards(request);
        route(request, changes);
        List<RuleHeaders.Field> headers = changes.additions.headers();
        for (int i = 0; i < headers.size(); i++) {
            set(request, headers.get(i));
        }
        challengers.remove(request, editor);
        if (changes.to.socket().protocol().isReliable()) {
            completeLength(request);
        }
        return editor.finish();
    }

    /** UDP and WebSocket keep the ends of messages without the field (RFC 7118 section 5.2), TCP needs it. */
    private void completeLength(SipMessage message) {
        if (message.first(HeaderName.CONTENT_LENGTH) < 0) {
            editor.insert(message.firstHeader())
                    .put("Content-Length: ")
                    .putNumber(message.end() - message.bodyStart())
                    .put("\r\n");
        }
    }

    private void set(SipRequest request, RuleHeaders.Field field) {
        for (int i = 0; i < request.headers(); i++) {
            if (Ascii.equalsIgnoreCase(
                    request.bytes(), request.lineStart(i), request.nameEnd(i), field.lowerCaseName())) {
                editor.delete(request.lineStart(i), request.lineEnd(i));
            }
        }
        if (field.value() != null) {
            editor.insert(request.firstHeader())
                    .put(field.name())
                    .put(": ")
                    .put(Ascii.bytes(field.value()))
                    .put("\r\n");
        }
    }

    /**
     * Writes the return path into our Via, for a response whose transaction is not known when it arrives; see {@link
     * ResponseRelay}.
     */
    private void putReturnPath(ByteWriter out, SipRequest request, Changes changes) {
        Flow flow = changes.from;
        InetSocketAddress back = SocketAddresses.replyTo(request, flow);
        long proof = keys.returnPathToken(
                changes.branch, flow.connection(), back.getAddress().getAddress(), back.getPort());
        if (flow.connection() != Flow.NO_CONNECTION) {
            out.put(";i=").put(Long.toString(flow.connection()));
        }
        out.put(";r=").putBase64(proof, KeyedHash.DIGITS);
    }

    private void decrementMaxForwards(SipRequest request) {
        int header = request.first(HeaderName.MAX_FORWARDS);
        if (header < 0) {
            editor.insert(request.firstHeader()).put("Max-Forwards: 70\r\n");
        } else {
            editor.replace(request.valueStart(header), request.valueEnd(header)).putNumber(request.maxForwards() - 1);
        }
    }

    /** Works like {@code ds_select_domain}: keeps user, password, parameters and headers, and removes maddr. */
    private static void putUri(ByteWriter out, SipUri uri, SipUri domain) {
        byte[] bytes = uri.bytes();
        if (domain == null || !uri.isSip()) {
            out.put(bytes, uri.start(), uri.end());
            return;
        }
        out.put(bytes, uri.start(), uri.hostStart()).put(domain.bytes(), domain.hostStart(), domain.parametersEnd());
        int at = uri.hostPortEnd();
        while (at < uri.parametersEnd()) {
            int end = at + 1;
            while (end < uri.parametersEnd() && bytes[end] != ';') {
                end++;
            }
            if (!isReplaced(bytes, at + 1, end, domain)) {
                out.put(bytes, at, end);
            }
            at = end;
        }
        out.put(bytes, at, uri.end());
    }

    /**
     * Whether a parameter of the old URI is left out: it says how to reach the old domain, or the new domain has it too,
     * and a parameter may occur only once (RFC 3261 section 19.1.1).
     */
    private static boolean isReplaced(byte[] bytes, int start, int end, SipUri domain) {
        int nameEnd = start;
        while (nameEnd < end && bytes[nameEnd] != '=') {
            nameEnd++;
        }
        String name = Ascii.text(bytes, start, nameEnd).toLowerCase(Locale.ROOT);
        return name.equals("maddr") || name.equals("transport") || domain.parameter(name) != Parameters.ABSENT;
    }

    private void route(SipRequest request, Changes changes) {
        RouteSet route = changes.route;
        SipUri domain = changes.domain;
        if (route.strict()) {
            // RFC 3261 section 16.4: the last Route value is the original Request-URI.
            int last = route.values().size() - 1;
            putUri(
                    editor.replace(request.uriStart(), request.uriEnd()),
                    route.values().get(last).uri(),
                    domain);
            dropRoutes(request, route, 0, route.own() == last ? last + 1 : route.own());
            if (route.own() < last) {
                dropRoutes(request, route, last, last + 1);
            }
        } else if (changes.alongRoute
                && route.remaining() > 0
                && route.values().get(route.own()).isStrict()) {
            // RFC 3261 section 16.6 step 6: a next hop without lr expects its own URI in the Request-URI.
            putUri(
                    editor.replace(request.uriStart(), request.uriEnd()),
                    route.values().get(route.own()).uri(),
                    null);
            dropRoutes(request, route, 0, route.own() + 1);
            int lastHeader = route.values().get(route.values().size() - 1).header();
            ByteWriter appended = editor.insert(request.lineEnd(lastHeader)).put("Route: <");
            putUri(appended, request.requestUri(), domain);
            appended.put(">\r\n");
        } else {
            if (domain != null) {
                putUri(editor.replace(request.uriStart(), request.uriEnd()), request.requestUri(), domain);
            }
            dropRoutes(request, route, 0, route.own());
        }
    }

    /**
     * Removes the Route values from index {@code from} (inclusive) to {@code to} (exclusive), and header lines that
     * become empty.
     */
    private void dropRoutes(SipRequest request, RouteSet route, int from, int to) {
        for (int i = from; i < to; ) {
            int header = route.values().get(i).header();
            int next = i;
            while (next < to && route.values().get(next).header() == header) {
                next++;
            }
            boolean toTheEnd = !isIn(header, route, next);
            if (toTheEnd && !isIn(header, route, i - 1)) {
                editor.delete(request.lineStart(header), request.lineEnd(header));
            } else if (toTheEnd) {
                editor.delete(
                        route.values().get(i - 1).end(),
                        route.values().get(next - 1).end());
            } else {
                editor.delete(
                        route.values().get(i).start(), route.values().get(next).start());
            }
            i = next;
        }
    }

    private static boolean isIn(int header, RouteSet route, int place) {
        return place >= 0
                && place < route.values().size()
                && route.values().get(place).header() == header;
    }

    /** Returns the response without our Via, for the next Via. Valid until the next message is written. */
    ByteWriter response(SipResponse response) {
        return response(response, List.of());
    }

    private void dropTopVia(SipResponse response) {
        int header = response.first(HeaderName.VIA);
        Via top = response.topVia();
        if (top.end() < response.valueEnd(header)) {
            editor.delete(response.valueStart(header), top.end() + 1);
        } else {
            editor.delete(response.lineStart(header), response.lineEnd(header));
        }
    }

    /**
     * Like {@link #response(SipResponse)}, for a response that may be a challenge.
     *
     * @param challenges the challenges of all destinations, this response included; empty if it is no challenge
     */
    ByteWriter response(SipResponse response, List<Challenge> challenges) {
        editor.begin(response);
        dropTopVia(response);
        Via next = nextVia(response);
        if (next != null && !next.isUdp()) {
            completeLength(response);
        }
        for (Challenge challenge : challenges) {
            for (int i = 0; i < challenge.response().headers(); i++) {
                if (challenge.response() == response) {
                    putToken(challenge, i);
                } else if (ChallengerTokens.isChallenge(challenge.response(), i)) {
                    putChallenge(challenge, i, editor.insert(response.lineEnd(response.headers() - 1)));
                }
            }
        }
        return editor.finish();
    }

    private ChallengerTokens.Insertion token(Challenge challenge, int header) {
        return challenge.challenger() == null
                ? null
                : challengers.token(challenge.response(), header, challenge.challenger());
    }

    private void putToken(Challenge challenge, int header) {
        ChallengerTokens.Insertion token = token(challenge, header);
        if (token != null) {
            editor.insert(token.at()).put(token.text());
        }
    }

    private void putChallenge(Challenge challenge, int header, ByteWriter out) {
        SipResponse other = challenge.response();
        ChallengerTokens.Insertion token = token(challenge, header);
        int at = token == null ? other.lineEnd(header) : token.at();
        out.put(other.bytes(), other.lineStart(header), at)
                .put(token == null ? "" : token.text())
                .put(other.bytes(), at, other.lineEnd(header));
    }

    /** The Via below the top one, where the response is sent next; null if there is none. */
    static Via nextVia(SipResponse response) {
        int header = response.first(HeaderName.VIA);
        int end = response.valueEnd(header);
        int behind = response.topVia().end();
        if (behind < end) {
            return Via.parse(response.bytes(), behind + 1, end);
        }
        int next = response.next(HeaderName.VIA, header + 1);
        return next < 0 ? null : Via.parse(response.bytes(), response.valueStart(next), response.valueEnd(next));
    }
}
