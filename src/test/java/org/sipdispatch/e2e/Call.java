package org.sipdispatch.e2e;

import java.net.InetSocketAddress;
import java.util.UUID;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** A call through the node under test: what its caller sends, and what of it arrives where. */
final class Call {
    private final TestUserAgent caller;
    private final InetSocketAddress node;
    private final String uri;
    private final String callId = UUID.randomUUID().toString();
    private final String branch = SipText.newBranch();

    private Call(TestUserAgent caller, int nodePort, String uri) {
        this.caller = caller;
        this.node = NodeProcess.at(nodePort);
        this.uri = uri;
    }

    /** Sends an INVITE. */
    static Call to(String uri, TestUserAgent caller, int nodePort) {
        Call call = new Call(caller, nodePort, uri);
        call.sendInvite();
        return call;
    }

    String callId() {
        return callId;
    }

    /** Sends the INVITE, byte for byte the same each time. */
    void sendInvite() {
        send("INVITE", "", "Contact: <" + caller.uri("caller") + ">\r\n");
    }

    void cancel() {
        send("CANCEL", "", "");
    }

    /** Acknowledges a refusal, hop by hop. */
    void acknowledge(Received refusal) {
        send("ACK", ";tag=" + refusal.sip().to().tagText(), "");
    }

    private void send(String method, String toTag, String extra) {
        caller.send(
                node,
                method + " " + uri + " SIP/2.0\r\n"
                        + "Via: SIP/2.0/" + caller.transport() + " " + caller.hostPort() + ";branch=" + branch + "\r\n"
                        + "Max-Forwards: 70\r\n"
                        + "From: <sip:caller@example.org>;tag=from\r\n"
                        + "To: <" + uri + ">" + toTag + "\r\n"
                        + "Call-ID: " + callId + "\r\n"
                        + "CSeq: 1 " + method + "\r\n"
                        + extra
                        + "Content-Length: 0\r\n\r\n");
    }

    /** Waits for a response to the INVITE. */
    Received response(int code) {
        return response(code, "INVITE");
    }

    Received response(int code, String method) {
        return caller.take(code + " to " + method, SipText.response(code, method, callId));
    }

    /** Waits for the first final response to the INVITE. */
    Received finalResponse() {
        return caller.take(
                "final response",
                one -> one.sip() instanceof SipResponse response
                        && response.status() >= 200
                        && response.cseqMethodIs("INVITE")
                        && SipText.isOf(response, callId));
    }

    /** Waits for a request of this call at a destination. */
    Received at(TestUserAgent destination, String method) {
        return destination.take(method, SipText.request(method, callId));
    }

    /** How many requests of this call lie at a destination, those not counted that were taken. */
    int seenAt(TestUserAgent destination, String method) {
        return destination.seen(SipText.request(method, callId)).size();
    }

    /** Answers the INVITE that arrived at a destination, with the destination's port as the To tag. */
    static void answer(TestUserAgent destination, Received invite, int code) {
        String contact = code < 300 ? "Contact: <" + destination.uri("callee") + ">\r\n" : "";
        destination.send(
                invite.from(),
                SipText.answer((SipRequest) invite.sip(), code, String.valueOf(destination.port()), contact));
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

    /** The dialog as the caller has it. */
    Dialog callerSide(Received ok) {
        return Dialog.ofCaller(caller, node, ok.sip());
    }

    /** Waits for the INVITE at a destination and takes the call, with ACK and all. */
    Dialog takenBy(TestUserAgent destination) {
        Received invite = at(destination, "INVITE");
        answer(destination, invite, 200);
        Dialog dialog = callerSide(response(200));
        dialog.send("ACK", 1);
        at(destination, "ACK");
        return dialog;
    }
}
