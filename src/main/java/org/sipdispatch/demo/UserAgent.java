package org.sipdispatch.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipInput;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** A user agent just good enough to be called or to call, over UDP. */
final class UserAgent implements AutoCloseable {
    private static final int TIMEOUT_MS = 5_000;

    /** A final answer: its status, and who gave it or why there is none. */
    record Answer(int status, String by) {}

    private final DatagramSocket socket;
    private final String name;

    private UserAgent(InetSocketAddress local, String name) throws SocketException {
        socket = new DatagramSocket(local);
        this.name = name;
    }

    /** One that answers every call until it is closed. */
    static UserAgent answering(InetSocketAddress local, String name) throws SocketException {
        UserAgent agent = new UserAgent(local, name);
        Thread thread = new Thread(agent::answerCalls, name);
        thread.setDaemon(true);
        thread.start();
        return agent;
    }

    static UserAgent calling(InetSocketAddress local) throws SocketException {
        UserAgent agent = new UserAgent(local, "caller");
        agent.socket.setSoTimeout(TIMEOUT_MS);
        return agent;
    }

    private void answerCalls() {
        try {
            while (!socket.isClosed()) {
                DatagramPacket packet = receive();
                if (parsed(packet) instanceof SipRequest request && !request.isMethod("ACK")) {
                    socket.send(packet(answer(request), (InetSocketAddress) packet.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            // The socket was closed: that is how this thread ends.
        }
    }

    private String answer(SipRequest request) {
        StringBuilder answer = new StringBuilder("SIP/2.0 200 OK\r\n");
        copy(request, answer, HeaderName.VIA);
        copy(request, answer, HeaderName.RECORD_ROUTE);
        copy(request, answer, HeaderName.FROM);
        answer.append("To: ").append(request.text(HeaderName.TO));
        answer.append(request.hasToTag() ? "\r\n" : ";tag=" + name + "\r\n");
        copy(request, answer, HeaderName.CALL_ID);
        copy(request, answer, HeaderName.CSEQ);
        return answer.append("Contact: <sip:")
                .append(here())
                .append(">\r\nContent-Length: 0\r\n\r\n")
                .toString();
    }

    private static void copy(SipMessage message, StringBuilder into, HeaderName name) {
        for (int i = message.first(name); i >= 0; i = message.next(name, i + 1)) {
            into.append(new String(
                    message.bytes(),
                    message.lineStart(i),
                    message.lineEnd(i) - message.lineStart(i),
                    StandardCharsets.UTF_8));
        }
    }

    /** Places a call and hangs up when it is answered. */
    Answer call(InetSocketAddress proxy, int number) throws IOException {
        String callId = UUID.randomUUID().toString();
        send(proxy, request("INVITE", "sip:demo@dispatcher", callId, "", "", number));
        try {
            SipResponse response = finalResponse(callId);
            String to = response.text(HeaderName.TO);
            if (!response.isSuccess()) {
                return new Answer(
                        response.status(),
                        response.toString().lines().findFirst().orElse(""));
            }
            String routes = response.text(HeaderName.RECORD_ROUTE) == null
                    ? ""
                    : "Route: " + response.text(HeaderName.RECORD_ROUTE) + "\r\n";
            String target = response.text(HeaderName.CONTACT).replaceAll("[<>]", "");
            String tag = ";tag=" + response.to().tagText();
            send(proxy, request("ACK", target, callId, routes, tag, number));
            send(proxy, request("BYE", target, callId, routes, tag, number));
            finalResponse(callId);
            return new Answer(200, to.substring(to.indexOf("tag=") + 4));
        } catch (SocketTimeoutException e) {
            return new Answer(408, "no answer in " + TIMEOUT_MS + " ms");
        }
    }

    private SipResponse finalResponse(String callId) throws IOException {
        while (true) {
            if (parsed(receive()) instanceof SipResponse response
                    && !response.isProvisional()
                    && callId.equals(response.text(HeaderName.CALL_ID))) {
                return response;
            }
        }
    }

    private String request(String method, String uri, String callId, String routes, String toTag, int number) {
        int sequence = method.equals("BYE") ? 2 : 1;
        return method + " " + uri + " SIP/2.0\r\n"
                + "Via: SIP/2.0/UDP " + here() + ";branch=z9hG4bK" + UUID.randomUUID() + ";rport\r\n"
                + "Max-Forwards: 70\r\n"
                + routes
                + "From: <sip:caller-" + number + "@demo>;tag=" + number + "\r\n"
                + "To: <sip:demo@dispatcher>" + toTag + "\r\n"
                + "Call-ID: " + callId + "\r\n"
                + "CSeq: " + sequence + " " + method + "\r\n"
                + "Contact: <sip:caller@" + here() + ">\r\n"
                + "Content-Length: 0\r\n\r\n";
    }

    private String here() {
        return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
    }

    private void send(InetSocketAddress to, String message) throws IOException {
        socket.send(packet(message, to));
    }

    private static DatagramPacket packet(String message, InetSocketAddress to) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        return new DatagramPacket(bytes, bytes.length, to);
    }

    private DatagramPacket receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
        socket.receive(packet);
        return packet;
    }

    private static SipInput parsed(DatagramPacket packet) {
        return SipParser.parse(packet.getData(), 0, packet.getLength());
    }

    @Override
    public void close() {
        socket.close();
    }
}
