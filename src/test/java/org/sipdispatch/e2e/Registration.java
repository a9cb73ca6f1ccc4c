package org.sipdispatch.e2e;

import java.net.InetSocketAddress;
import java.util.UUID;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.sip.SipRequest;

/**
 * The registration of a client with a private address, and the registrar's call to it along the Path (RFC 3327). The
 * address in Via and Contact is one at which nobody listens.
 */
final class Registration {
    static final String CONTACT = "sip:alice@192.0.2.55:5099";

    private final TestUserAgent client;
    private final TestUserAgent registrar;
    private final InetSocketAddress node;
    private final String path;
    private final String callId = UUID.randomUUID().toString();

    private Registration(TestUserAgent client, TestUserAgent registrar, InetSocketAddress node, String path) {
        this.client = client;
        this.registrar = registrar;
        this.node = node;
        this.path = path;
    }

    /** Registers through the node, which selects the registrar. */
    static Registration of(TestUserAgent client, TestUserAgent registrar, int nodePort) {
        InetSocketAddress node = NodeProcess.at(nodePort);
        String callId = UUID.randomUUID().toString();
        client.send(
                node,
                "REGISTER sip:registrar@dispatcher SIP/2.0\r\n"
                        + "Via: SIP/2.0/" + client.transport() + " 192.0.2.55:5099;rport;branch=" + Messages.newBranch()
                        + "\r\nMax-Forwards: 70\r\nFrom: <sip:alice@example.org>;tag=from\r\n"
                        + "To: <sip:alice@example.org>\r\nCall-ID: " + callId + "\r\nCSeq: 1 REGISTER\r\n"
                        + "Contact: <" + CONTACT + ">\r\nContent-Length: 0\r\n\r\n");
        Received register = registrar.take("REGISTER", Messages.request("REGISTER", callId));
        registrar.send(register.from(), SipText.response((SipRequest) register.sip(), 200, "registrar"));
        client.take("200 to REGISTER", Messages.response(200, "REGISTER", callId));
        return new Registration(client, registrar, node, register.sip().text("Path"));
    }

    /** The Path that the node has put into the REGISTER. */
    String path() {
        return path;
    }

    /** The Call-ID of the registrar's call. */
    String callId() {
        return callId;
    }

    /** The registrar calls the client, with this Route. */
    void calls(String route) {
        registrar.send(
                node,
                "INVITE " + CONTACT + " SIP/2.0\r\n"
                        + "Via: SIP/2.0/" + registrar.transport() + " " + registrar.hostPort() + ";branch="
                        + Messages.newBranch() + "\r\nMax-Forwards: 70\r\nRoute: " + route
                        + "\r\nFrom: <sip:bob@example.org>;tag=from\r\nTo: <sip:alice@example.org>\r\n"
                        + "Call-ID: " + callId + "\r\nCSeq: 1 INVITE\r\n"
                        + "Contact: <" + registrar.uri("bob") + ">\r\nContent-Length: 0\r\n\r\n");
    }

    /** The same, and the INVITE at the client. */
    Received called(String route) {
        calls(route);
        return client.take("INVITE", Messages.request("INVITE", callId));
    }

    /** Waits for a response to the registrar's INVITE. */
    Received response(int code) {
        return registrar.take(code + " to INVITE", Messages.response(code, "INVITE", callId));
    }

    /** The registrar's side of the dialog, after the client's 200. */
    Dialog callerSide() {
        return Dialog.ofCaller(registrar, node, response(200).sip());
    }
}
