package org.sipdispatch.e2e;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.NameAddr;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipRequest;

/**
 * One side of an established dialog (RFC 3261 section 12). Its requests contain the route set from the Record-Route
 * header fields and go to the first Route.
 */
final class Dialog {
    private final TestUserAgent agent;
    private final InetSocketAddress node;
    private final String callId;
    private final String local;
    private final String remote;
    private final String target;
    private final List<String> routes;

    private Dialog(
            TestUserAgent agent,
            InetSocketAddress node,
            String callId,
            String target,
            String local,
            String remote,
            List<String> routes) {
        this.agent = agent;
        this.node = node;
        this.callId = callId;
        this.target = target;
        this.local = local;
        this.remote = remote;
        this.routes = routes;
    }

    private static Dialog of(
            TestUserAgent agent,
            InetSocketAddress node,
            SipMessage message,
            String local,
            String remote,
            List<String> routes) {
        String target = message.text(HeaderName.CONTACT).replaceAll("[<>]", "");
        return new Dialog(agent, node, message.text(HeaderName.CALL_ID), target, local, remote, routes);
    }

    static Dialog ofCaller(TestUserAgent agent, InetSocketAddress node, SipMessage ok) {
        List<String> routes = new ArrayList<>(SipText.values(ok, HeaderName.RECORD_ROUTE));
        Collections.reverse(routes);
        return of(agent, node, ok, ok.text(HeaderName.FROM), ok.text(HeaderName.TO), routes);
    }

    static Dialog ofCallee(TestUserAgent agent, Received invite) {
        SipRequest request = (SipRequest) invite.sip();
        String local = request.text(HeaderName.TO) + ";tag=" + agent.port();
        List<String> routes = SipText.values(request, HeaderName.RECORD_ROUTE);
        return of(agent, nodeOf(routes), request, local, request.text(HeaderName.FROM), routes);
    }

    private static InetSocketAddress nodeOf(List<String> routes) {
        byte[] first = routes.get(0).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        return NodeProcess.at(NameAddr.parse(first, 0, first.length).uri().port());
    }

    /** The same side without a route set, as if it had ignored Record-Route. Its requests still go to the node. */
    Dialog withoutRoutes() {
        return new Dialog(agent, node, callId, target, local, remote, List.of());
    }

    /** The same side with one more Route at the end of its route set. */
    Dialog goingOnTo(String route) {
        List<String> more = new ArrayList<>(routes);
        more.add(route);
        return new Dialog(agent, node, callId, target, local, remote, more);
    }

    List<String> routes() {
        return routes;
    }

    /** Sends a request of the dialog along its route set. */
    void send(String method, int sequence) {
        StringBuilder request = new StringBuilder(method + " " + target + " SIP/2.0\r\n"
                + "Via: SIP/2.0/" + agent.transport() + " " + agent.hostPort() + ";branch=" + Messages.newBranch()
                + "\r\nMax-Forwards: 70\r\n");
        routes.forEach(route -> request.append("Route: ").append(route).append("\r\n"));
        agent.send(
                node,
                request + "From: " + local + "\r\nTo: " + remote + "\r\nCall-ID: " + callId + "\r\nCSeq: " + sequence
                        + " " + method + "\r\nContact: <" + agent.uri("me") + ">\r\nContent-Length: 0\r\n\r\n");
    }

    /** Waits for the answer to a request of this side. */
    Received response(int code, String method) {
        return agent.take(code + " to " + method, Messages.response(code, method, callId));
    }

    /** Sends a BYE, which the other side answers. */
    void hangUpWith(TestUserAgent other) {
        send("BYE", 9);
        Received bye = other.take("BYE", Messages.request("BYE", callId));
        other.send(bye.from(), SipText.response((SipRequest) bye.sip(), 200, ""));
        response(200, "BYE");
    }
}
