package org.sipdispatch.e2e;

import java.net.InetSocketAddress;
import java.util.UUID;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** A call through the node under test: what the caller sends, and what arrives where. */
final class Call {
    private final TestUserAgent caller;
    private final InetSocketAddress node;
    private final Request request;
    private final String callId = UUID.randomUUID().toString();
    private final String branch = Messages.newBranch();

    /**
     * What a caller asks for.
     *
     * @param from the From without its tag, as a URI
     * @param to the value of To
     * @param headers more header lines, each with its line end
     */
    record Request(String method, String uri, String from, String to, String headers) {
        Request(String method, String uri) {
            this(method, uri, "sip:caller@example.org", "<" + uri + ">", "");
        }

        Request from(String other) {
            return new Request(method, uri, other, to, headers);
        }

        Request to(String other) {
            return new Request(method, uri, from, other, headers);
        }

        Request with(String line) {
            return new Request(method, uri, from, to, headers + line + "\r\n");
        }
    }

    private Call(Request request, TestUserAgent caller, InetSocketAddress node) {
        this.request = request;
        this.caller = caller;
        this.node = node;
    }

    /** Sends an INVITE. */
    static Call to(String uri, TestUserAgent caller, int nodePort) {
        return to(uri, caller, NodeProcess.at(nodePort));
    }

    static Call to(String uri, TestUserAgent caller, InetSocketAddress node) {
        return begun(new Call(new Request("INVITE", uri), caller, node));
    }

    /** Sends a request with another method. */
    static Call request(String method, String uri, TestUserAgent caller, int nodePort) {
        return request(new Request(method, uri), caller, nodePort);
    }

    static Call request(Request request, TestUserAgent caller, int nodePort) {
        return begun(new Call(request, caller, NodeProcess.at(nodePort)));
    }

    private static Call begun(Call call) {
        call.repeat();
        return call;
    }

    String callId() {
        return callId;
    }

    /** Sends the request again, byte for byte the same. */
    void repeat() {
        repeatAt(node);
    }

    /** Sends the request to another node, byte for byte the same. */
    void repeatAt(InetSocketAddress other) {
        send(other, request.method, "", "Contact: <" + caller.uri("caller") + ">\r\n" + request.headers);
    }

    void cancel() {
        send("CANCEL", "", "");
    }

    /** Sends the ACK for a non-2xx response. */
    void acknowledge(Received refusal) {
        send("ACK", ";tag=" + refusal.sip().to().tagText(), "");
    }

    private void send(String kind, String toTag, String extra) {
        send(node, kind, toTag, extra);
    }

    private void send(InetSocketAddress to, String kind, String toTag, String extra) {
        caller.send(
                to,
                kind + " " + request.uri + " SIP/2.0\r\n"
                        + "Via: SIP/2.0/" + caller.transport() + " " + caller.hostPort() + ";branch=" + branch + "\r\n"
                        + "Max-Forwards: 70\r\n"
                        + "From: <" + request.from + ">;tag=from\r\n"
                        + "To: " + request.to + toTag + "\r\n"
                        + "Call-ID: " + callId + "\r\n"
                        + "CSeq: 1 " + kind + "\r\n"
                        + extra
                        + "Content-Length: 0\r\n\r\n");
    }

    /** Waits for a response to the request. */
    Received response(int code) {
        return response(code, request.method);
    }

    Received response(int code, String kind) {
        return caller.take(code + " to " + kind, Messages.response(code, kind, callId));
    }

    /** Waits for the first final response to the INVITE. */
    Received finalResponse() {
        return caller.take(
                "final response",
                one -> one.sip() instanceof SipResponse response
                        && response.status() >= 200
                        && response.cseqMethodIs("INVITE")
                        && Messages.isOf(response, callId));
    }

    /** Waits for a request of this call at a destination. */
    Received at(TestUserAgent destination, String kind) {
        return destination.take(kind, Messages.request(kind, callId));
    }

    /** The number of requests of this call at a destination that the test has not taken yet. */
    int seenAt(TestUserAgent destination, String kind) {
        return destination.seen(Messages.request(kind, callId)).size();
    }

    /** Answers the INVITE that arrived at a destination, with the destination's port as the To tag. */
    static void answer(TestUserAgent destination, Received invite, int code) {
        String[] contact = code < 300 ? new String[] {"Contact: <" + destination.uri("callee") + ">"} : new String[0];
        destination.send(
                invite.from(),
                SipText.response((SipRequest) invite.sip(), code, String.valueOf(destination.port()), contact));
    }

    /** Waits for the INVITE at a destination, refuses it and waits for the ACK. */
    void refuseAt(TestUserAgent destination, int code) {
        answer(destination, at(destination, "INVITE"), code);
        at(destination, "ACK");
    }

    /** Waits for a refusal by the node and acknowledges it. */
    void endsWith(int code) {
        acknowledge(response(code));
    }

    /** The caller's side of the dialog. */
    Dialog callerSide(Received ok) {
        return Dialog.ofCaller(caller, node, ok.sip());
    }

    /** Waits for the INVITE at a destination, accepts the call and waits for the ACK. */
    Dialog takenBy(TestUserAgent destination) {
        Received invite = at(destination, "INVITE");
        answer(destination, invite, 200);
        Dialog dialog = callerSide(response(200));
        dialog.send("ACK", 1);
        at(destination, "ACK");
        return dialog;
    }
}
