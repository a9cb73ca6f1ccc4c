package org.sipdispatch.proxy;

import java.util.List;
import org.sipdispatch.proxy.FlowTokens.FlowToken;
import org.sipdispatch.proxy.ForwardedMessageWriter.Changes;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.NameAddr;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.ListenSocket;

/** Writes our Record-Routes, so that the later requests of a dialog pass this proxy and reach both parties. */
record RecordRoutes(RouteTokens routeTokens, FlowTokens flows) {
    /**
     * Methods that create a dialog or refresh its target, so that a Record-Route has an effect: RFC 3261 sections 12.1
     * and 16.6 step 4, RFC 6665 section 4.3, RFC 3515, RFC 3311.
     */
    private static final List<String> DIALOG_METHODS = List.of("INVITE", "SUBSCRIBE", "REFER", "NOTIFY", "UPDATE");

    /** The flows to the two parties of a dialog, for its later requests; null for none. */
    private record DialogFlows(FlowToken toCallee, FlowToken toCaller) {}

    /** What a request's Record-Routes have in common: the party that began the dialog, and the time. */
    private record Stamp(SipRequest request, NameAddr beginner, long now) {}

    /**
     * Writes none if the request needs none, and two if it leaves by another socket than the one that received it (RFC
     * 5658).
     */
    void writeTo(ByteWriter out, SipRequest request, Changes changes) {
        NameAddr beginner = initiator(request, changes);
        if (beginner == null || !isDialogMethod(request)) {
            return;
        }
        Stamp stamp = new Stamp(request, beginner, routeTokens.now());
        DialogFlows ends = new DialogFlows(changes.route().flow(), callerFlow(stamp, changes));
        writeTo(out, changes.to().socket(), stamp, ends);
        if (changes.to().socket() != changes.from().socket()) {
            writeTo(out, changes.from().socket(), stamp, ends);
        }
    }

    private static boolean isDialogMethod(SipRequest request) {
        for (String method : DIALOG_METHODS) {
            if (request.isMethod(method)) {
                return true;
            }
        }
        return false;
    }

    /** The party that starts or started the dialog; null if this proxy is not in the dialog's route set. */
    private static NameAddr initiator(SipRequest request, Changes changes) {
        if (request.hasToTag()) {
            return changes.route().initiator();
        }
        return changes.recordRoute() || changes.route().recordsRoute() ? request.from() : null;
    }

    /** A WebSocket client accepts no connections: the one of its request is the only way to it (RFC 7118 section 7). */
    private FlowToken callerFlow(Stamp stamp, Changes changes) {
        boolean isOfCaller = stamp.beginner == stamp.request.from();
        return isOfCaller && changes.from().socket().protocol().isWebSocket()
                ? flows.of(stamp.request, changes.from(), false)
                : changes.route().callerFlow();
    }

    private void writeTo(ByteWriter out, ListenSocket socket, Stamp stamp, DialogFlows ends) {
        SipRequest request = stamp.request;
        boolean secure = request.requestUri() != null && request.requestUri().scheme() == SipUri.Scheme.SIPS;
        out.put("Record-Route: ").put(socket.recordRouteStart(secure));
        routeTokens.writeTo(out, request, stamp.beginner, stamp.now);
        putFlow(out, FlowTokens.TO_CALLEE, ends.toCallee, stamp);
        putFlow(out, FlowTokens.TO_CALLER, ends.toCaller, stamp);
        out.put(">\r\n");
    }

    private void putFlow(ByteWriter out, String parameter, FlowToken flow, Stamp stamp) {
        if (flow != null) {
            out.put(";").put(parameter).put("=");
            flows.writeTo(out, flow, routeTokens.hash(stamp.request, stamp.beginner, stamp.now));
        }
    }
}
