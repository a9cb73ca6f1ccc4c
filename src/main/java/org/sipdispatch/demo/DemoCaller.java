package org.sipdispatch.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipResponse;

/**
 * A user agent that places calls over UDP, one after the other, and hangs up as soon as a call is answered. It
 * retransmits requests as RFC 3261 section 17.1 requires, so that a lost datagram does not make a call fail.
 */
final class DemoCaller implements AutoCloseable {
    /** A final response: its status, and the name of the user agent that answered or what went wrong. */
    record CallResult(int status, String by) {}

    private final SipSocket datagrams;
    private final InetSocketAddress proxy;
    /** The ACKs by Call-ID: a retransmitted final response to an INVITE gets its ACK again. */
    private final Map<String, byte[]> acks = new HashMap<>();

    private DemoCaller(InetSocketAddress local, InetSocketAddress proxy) throws SocketException {
        datagrams = new SipSocket(local);
        this.proxy = proxy;
    }

    static DemoCaller through(InetSocketAddress proxy, InetSocketAddress local) throws SocketException {
        return new DemoCaller(local, proxy);
    }

    /** What the requests of a call share. */
    private record DemoCall(String id, int number) {}

    /** Target, route set and To tag of the requests in a dialog. */
    private record Dialog(String target, String routes, String toTag) {}

    private static final Dialog NONE = new Dialog("sip:demo@dispatcher", "", "");

    /** Places a call and hangs up; the status is 200 if both INVITE and BYE succeed. */
    CallResult call(int number) throws IOException {
        DemoCall call = new DemoCall(UUID.randomUUID().toString(), number);
        String branch = branch();
        SipResponse response = answer(
                call, request("INVITE", call, 1, NONE, branch), RetransmissionTimer.ofInvite(SipSocket.nowMs()), 1);
        if (response == null) {
            return new CallResult(408, "no response to INVITE");
        }
        boolean accepted = response.isSuccess();
        Dialog dialog = accepted ? dialog(response) : new Dialog(NONE.target, "", tag(response));
        acknowledge(call, request("ACK", call, 1, dialog, accepted ? branch() : branch));
        return accepted ? hangUp(call, dialog) : new CallResult(response.status(), firstLine(response));
    }

    private CallResult hangUp(DemoCall call, Dialog dialog) throws IOException {
        SipResponse response = answer(
                call, request("BYE", call, 2, dialog, branch()), RetransmissionTimer.ofOther(SipSocket.nowMs()), 2);
        if (response == null) {
            return new CallResult(408, "no response to BYE");
        }
        return response.isSuccess()
                ? new CallResult(200, dialog.toTag.substring(dialog.toTag.indexOf('=') + 1))
                : new CallResult(response.status(), "to BYE: " + firstLine(response));
    }

    private void acknowledge(DemoCall call, byte[] ack) throws IOException {
        acks.put(call.id, ack);
        datagrams.send(proxy, ack);
    }

    /** Retransmits a request until its final response arrives; null if none does. */
    private SipResponse answer(DemoCall call, byte[] request, RetransmissionTimer repeats, int sequence)
            throws IOException {
        datagrams.send(proxy, request);
        while (!repeats.isOver(SipSocket.nowMs())) {
            SipSocket.Received received = datagrams.receive(repeats.pauseMs(SipSocket.nowMs()));
            if (received != null && received.message() instanceof SipResponse response) {
                boolean ours = call.id.equals(response.text(HeaderName.CALL_ID)) && sequence(response) == sequence;
                if (ours && !response.isProvisional()) {
                    return response;
                } else if (ours) {
                    repeats.provisional(SipSocket.nowMs());
                } else {
                    acknowledgeAgain(response);
                }
            }
            if (repeats.isDue(SipSocket.nowMs())) {
                datagrams.send(proxy, request);
            }
        }
        return null;
    }

    /** Repeats the ACK of an earlier response, which was lost. */
    private void acknowledgeAgain(SipResponse response) throws IOException {
        byte[] ack = acks.get(response.text(HeaderName.CALL_ID));
        if (ack != null && response.cseqMethodIs("INVITE") && !response.isProvisional()) {
            datagrams.send(proxy, ack);
        }
    }

    private static int sequence(SipResponse response) {
        return response.cseqMethodIs("INVITE") ? 1 : 2;
    }

    private static Dialog dialog(SipResponse response) {
        List<String> routes = new ArrayList<>();
        HeaderName name = HeaderName.RECORD_ROUTE;
        for (int i = response.first(name); i >= 0; i = response.next(name, i + 1)) {
            int start = response.valueStart(i);
            String value = new String(response.bytes(), start, response.valueEnd(i) - start, StandardCharsets.UTF_8);
            // RFC 3261 section 12.1.2: the route set of a UAC is in reverse order.
            routes.add(0, "Route: " + value + "\r\n");
        }
        String target = response.text(HeaderName.CONTACT).replaceAll("[<>]", "");
        return new Dialog(target, String.join("", routes), tag(response));
    }

    private static String tag(SipResponse response) {
        String tag = response.to().tagText();
        return tag == null ? "" : ";tag=" + tag;
    }

    private static String firstLine(SipResponse response) {
        return response.toString().lines().findFirst().orElse("");
    }

    private static String branch() {
        return "z9hG4bK" + UUID.randomUUID();
    }

    private byte[] request(String method, DemoCall call, int sequence, Dialog dialog, String branch) {
        return SipSocket.bytes(method + " " + dialog.target + " SIP/2.0\r\n"
                + "Via: SIP/2.0/UDP " + datagrams.localAddress() + ";branch=" + branch + ";rport\r\n"
                + "Max-Forwards: 70\r\n"
                + dialog.routes
                + "From: <sip:caller-" + call.number + "@demo>;tag=" + call.number + "\r\n"
                + "To: <sip:demo@dispatcher>" + dialog.toTag + "\r\n"
                + "Call-ID: " + call.id + "\r\n"
                + "CSeq: " + sequence + " " + method + "\r\n"
                + "Contact: <sip:caller@" + datagrams.localAddress() + ">\r\n"
                + "Content-Length: 0\r\n\r\n");
    }

    @Override
    public void close() {
        datagrams.close();
    }
}
