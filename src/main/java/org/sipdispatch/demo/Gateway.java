package org.sipdispatch.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipRequest;

/**
 * A user agent that answers each request with 200 over UDP, until it is closed. A retransmitted request gets the same
 * response again; a 2xx to an INVITE is retransmitted until its ACK arrives (RFC 3261 sections 13.3.1.4 and 17.2).
 */
final class Gateway implements AutoCloseable {
    private static final int IDLE_MS = 1_000;

    /** A 2xx to an INVITE that has no ACK yet. */
    private record Unacknowledged(byte[] answer, InetSocketAddress to, RetransmissionTimer repeats) {}

    private final SipSocket datagrams;
    private final String name;
    private final Map<String, Unacknowledged> unacknowledged = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private Gateway(InetSocketAddress local, String name) throws SocketException {
        datagrams = new SipSocket(local);
        this.name = name;
    }

    /** Starts answering on a separate thread; the name is the To tag of the responses. */
    static Gateway start(InetSocketAddress local, String name) throws SocketException {
        Gateway gateway = new Gateway(local, name);
        Thread thread = new Thread(gateway::run, name);
        thread.setDaemon(true);
        thread.start();
        return gateway;
    }

    private void run() {
        try {
            while (!closed) {
                SipSocket.Received received = datagrams.receive(pauseMs());
                if (received != null && received.message() instanceof SipRequest request) {
                    handle(request, received.from());
                }
                repeatDue();
            }
        } catch (IOException end) {
            // close() closes the socket to end this thread.
        }
    }

    /** Whether a 2xx to an INVITE has no ACK yet. Thread-safe. */
    boolean isAwaitingAck() {
        return !unacknowledged.isEmpty();
    }

    private int pauseMs() {
        long nowMs = SipSocket.nowMs();
        return unacknowledged.values().stream()
                .mapToInt(one -> one.repeats.pauseMs(nowMs))
                .min()
                .orElse(IDLE_MS);
    }

    private void handle(SipRequest request, InetSocketAddress from) throws IOException {
        String call = request.text(HeaderName.CALL_ID);
        if (request.isMethod("ACK")) {
            unacknowledged.remove(call);
            return;
        }
        byte[] answer = SipSocket.bytes(answer(request));
        if (request.isMethod("INVITE")) {
            unacknowledged.putIfAbsent(
                    call, new Unacknowledged(answer, from, RetransmissionTimer.ofOther(SipSocket.nowMs())));
        }
        datagrams.send(from, answer);
    }

    private void repeatDue() throws IOException {
        long nowMs = SipSocket.nowMs();
        for (Iterator<Unacknowledged> all = unacknowledged.values().iterator(); all.hasNext(); ) {
            Unacknowledged one = all.next();
            if (one.repeats.isOver(nowMs)) {
                all.remove();
            } else if (one.repeats.isDue(nowMs)) {
                datagrams.send(one.to, one.answer);
            }
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
                .append(datagrams.localAddress())
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

    @Override
    public void close() {
        closed = true;
        datagrams.close();
    }
}
