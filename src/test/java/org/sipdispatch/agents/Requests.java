package org.sipdispatch.agents;

import java.net.InetSocketAddress;
import java.util.UUID;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipResponse;

/** Writes a caller's requests; each is a new call unless told otherwise. */
public final class Requests {
    private final String transport;
    private final String sentBy;
    private String uriTransport;
    private String extra = "";
    private String target = "sip:callee@example.com";
    private String rport = ";rport";
    private String body = "";

    private Requests(String transport, InetSocketAddress sentBy) {
        this.transport = transport;
        this.sentBy = SipText.hostPort(sentBy);
        uriTransport = transport.equals("UDP") ? "" : ";transport=" + transport.toLowerCase(java.util.Locale.ROOT);
    }

    /** As a browser: its host does not exist (RFC 7118 section 5), and it asks for no rport. */
    private Requests(String transport, String host) {
        this.transport = transport;
        sentBy = host;
        uriTransport = ";transport=ws";
        rport = "";
    }

    /** {@code transport}: WS or WSS. */
    public static Requests webSocket(String transport, String host) {
        return new Requests(transport, host);
    }

    public static Requests udp(InetSocketAddress sentBy) {
        return new Requests("UDP", sentBy);
    }

    public static Requests tcp(InetSocketAddress sentBy) {
        return new Requests("TCP", sentBy);
    }

    /** Adds whole lines to all that follow. */
    public Requests with(String... lines) {
        extra = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
        return this;
    }

    /** The Request-URI of requests outside of dialogs. */
    public Requests to(String uri) {
        target = uri;
        return this;
    }

    public static Requests tls(InetSocketAddress sentBy) {
        return new Requests("TLS", sentBy);
    }

    public Requests withoutRport() {
        rport = "";
        return this;
    }

    public Requests withBody(String content) {
        body = content;
        return this;
    }

    public static String newCall() {
        return UUID.randomUUID().toString();
    }

    /** A request outside of dialogs; its branch follows from the call, so that a CANCEL and an ACK can repeat it. */
    public String of(String method, String callId) {
        int cseq = 1;
        return text(method, target, "z9hG4bK" + callId, callId, "", "", cseq);
    }

    /** The ACK for a failure of an INVITE {@linkplain #of outside of dialogs}, with its To (RFC 3261 section 17.1.1.3). */
    public String ackOf(SipResponse failure) {
        String call = SipText.callId(failure);
        return text(
                "ACK",
                target,
                "z9hG4bK" + call,
                call,
                "",
                ";tag=" + failure.to().tagText(),
                1);
    }

    /** A request in the dialog that a response has begun. */
    public String inDialog(String method, SipResponse response) {
        String target = response.text(HeaderName.CONTACT).replaceAll("[<>]", "");
        String tag = ";tag=" + response.to().tagText();
        int cseq = method.equals("ACK") ? 1 : 2;
        return text(
                method,
                target,
                "z9hG4bK" + UUID.randomUUID(),
                SipText.callId(response),
                SipText.routes(response),
                tag,
                cseq);
    }

    private String text(
            String method, String uri, String branch, String callId, String routes, String toTag, int cseq) {
        return method + " " + uri + " SIP/2.0\r\n"
                + "Via: SIP/2.0/" + transport + " " + sentBy + rport + ";branch=" + branch + "\r\n"
                + "Max-Forwards: 70\r\n" + routes
                + "From: <sip:caller@example.com>;tag=a" + callId.hashCode() + "\r\n"
                + "To: <sip:callee@example.com>" + toTag + "\r\n"
                + "Call-ID: " + callId + "\r\nCSeq: " + cseq + " " + method + "\r\n"
                + "Contact: <sip:caller@" + sentBy
                + uriTransport + ">\r\n"
                + extra + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
