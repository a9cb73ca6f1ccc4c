package org.sipdispatch.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipResponse;

/**
 * A user agent over UDP that places calls at a steady rate: INVITE, 200, ACK, BYE, 200. It repeats what stays without
 * an answer as RFC 3261 says, and a call has failed when that does not help either, or when it is refused.
 */
public final class CallingAgent implements AutoCloseable {
    private static final long T1_MS = 500;
    private static final long T2_MS = 4000;
    private static final long GIVE_UP_MS = 64 * T1_MS;

    /** A call, and the request whose answer it waits for. */
    private static final class Call {
        private final String id = UUID.randomUUID().toString();
        private final long beganMs;
        private boolean hangingUp;
        private byte[] sent;
        private byte[] ack;
        private long requestBeganMs;
        private long dueMs;
        private long intervalMs;

        Call(long nowMs) {
            beganMs = nowMs;
        }
    }

    /**
     * A call that is over; {@code failure} is empty if it was answered and hung up. Times as of {@link System#nanoTime}.
     */
    public record Ended(long beganNs, long endedNs, String failure) {}

    private final DatagramChannel channel;
    private final Selector selector;
    private final InetSocketAddress node;
    private final double callsPerMs;
    private final Map<String, Call> calls = new HashMap<>();
    private final AtomicInteger placed = new AtomicInteger();
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "caller");
    private volatile boolean hangUp;

    private CallingAgent(String host, InetSocketAddress node, int callsPerSecond) throws IOException {
        channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
        channel.bind(new InetSocketAddress(host, 0));
        channel.configureBlocking(false);
        selector = Selector.open();
        channel.register(selector, java.nio.channels.SelectionKey.OP_READ);
        this.node = node;
        callsPerMs = callsPerSecond / 1000.0;
    }

    public static CallingAgent start(String host, InetSocketAddress node, int callsPerSecond) {
        try {
            CallingAgent agent = new CallingAgent(host, node, callsPerSecond);
            agent.thread.setDaemon(true);
            agent.thread.start();
            return agent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int placed() {
        return placed.get();
    }

    /** Calls that were answered and hung up. */
    public int completed() {
        return completed.get();
    }

    /** Requests that had to be sent again. */
    public int repeated() {
        return repeated.get();
    }

    /** Calls that are neither completed nor failed yet. */
    public int open() {
        return open.get();
    }

    /** What went wrong, one line for each call that failed. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** All calls that are over. */
    public List<Ended> ended() {
        return List.copyOf(ended);
    }

    public InetSocketAddress address() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Places no more calls and waits until those that are under way have ended. */
    public void finish() throws InterruptedException {
        hangUp = true;
        thread.join();
    }

    private void run() {
        long beganMs = nowMs();
        int due = 0;
        try {
            while (!hangUp || !calls.isEmpty()) {
                long nowMs = nowMs();
                while (!hangUp && due < (nowMs - beganMs) * callsPerMs) {
                    due++;
                    place(nowMs);
                }
                selector.select(5);
                selector.selectedKeys().clear();
                receiveAll();
                repeatDue(nowMs());
                open.set(calls.size());
            }
        } catch (IOException | java.nio.channels.ClosedSelectorException e) {
            if (!hangUp) {
                failures.add("caller: " + e);
            }
        }
    }

    private void place(long nowMs) throws IOException {
        Call call = new Call(nowMs);
        calls.put(call.id, call);
        placed.incrementAndGet();
        begin(call, request(call, "INVITE", "sip:callee@example.com", "", "", 1), nowMs);
    }

    private void begin(Call call, byte[] request, long nowMs) throws IOException {
        call.sent = request;
        call.requestBeganMs = nowMs;
        call.intervalMs = T1_MS;
        call.dueMs = nowMs + T1_MS;
        send(request);
    }

    private void send(byte[] message) throws IOException {
        channel.send(ByteBuffer.wrap(message), node);
    }

    private byte[] request(Call call, String method, String uri, String routes, String toTag, int cseq) {
        String text = method + " " + uri + " SIP/2.0\r\n"
                + "Via: SIP/2.0/UDP " + SipText.hostPort(address()) + ";branch=z9hG4bK" + UUID.randomUUID()
                + ";rport\r\n"
                + "Max-Forwards: 70\r\n" + routes
                + "From: <sip:caller@example.com>;tag=" + call.id.substring(0, 8) + "\r\n"
                + "To: <sip:callee@example.com>" + toTag + "\r\n"
                + "Call-ID: " + call.id + "\r\nCSeq: " + cseq + " " + method + "\r\n"
                + "Contact: <sip:caller@" + SipText.hostPort(address()) + ">\r\nContent-Length: 0\r\n\r\n";
        return SipText.bytes(text);
    }

    private void receiveAll() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        while (channel.receive(buffer.clear()) != null) {
            byte[] bytes = java.util.Arrays.copyOf(buffer.array(), buffer.position());
            if (SipText.parsed(bytes, bytes.length) instanceof SipResponse response) {
                answered(response, nowMs());
            }
        }
    }

    private void answered(SipResponse response, long nowMs) throws IOException {
        Call call = calls.get(SipText.callId(response));
        if (call == null) {
            return;
        }
        boolean ofBye = response.cseqMethodIs("BYE");
        if (response.isProvisional()) {
            call.dueMs = ofBye == call.hangingUp ? nowMs + GIVE_UP_MS : call.dueMs;
        } else if (!response.isSuccess()) {
            end(call, response.toString().lines().findFirst().orElse(""));
        } else if (!ofBye && !call.hangingUp) {
            hangUp(call, response, nowMs);
        } else if (!ofBye) {
            send(call.ack);
        } else if (call.hangingUp) {
            end(call, null);
        }
    }

    private void hangUp(Call call, SipResponse response, long nowMs) throws IOException {
        String routes = SipText.routes(response);
        String target = response.text(HeaderName.CONTACT).replaceAll("[<>]", "");
        String tag = ";tag=" + response.to().tagText();
        call.ack = request(call, "ACK", target, routes, tag, 1);
        send(call.ack);
        call.hangingUp = true;
        begin(call, request(call, "BYE", target, routes, tag, 2), nowMs);
    }

    private void end(Call call, String failure) {
        calls.remove(call.id);
        String text = failure == null ? "" : (call.hangingUp ? "BYE " : "INVITE ") + call.id + ": " + failure;
        ended.add(new Ended(call.beganMs * 1_000_000, System.nanoTime(), text));
        if (failure == null) {
            completed.incrementAndGet();
        } else {
            failures.add(text);
        }
    }

    private void repeatDue(long nowMs) throws IOException {
        List<Call> late = new ArrayList<>();
        for (Iterator<Call> all = calls.values().iterator(); all.hasNext(); ) {
            Call call = all.next();
            if (nowMs - call.requestBeganMs > GIVE_UP_MS) {
                late.add(call);
            } else if (nowMs >= call.dueMs) {
                repeated.incrementAndGet();
                send(call.sent);
                call.intervalMs = call.hangingUp ? Math.min(2 * call.intervalMs, T2_MS) : 2 * call.intervalMs;
                call.dueMs = nowMs + call.intervalMs;
            }
        }
        late.forEach(call -> end(call, "no answer, " + (nowMs - call.beganMs) + " ms after it began"));
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }

    @Override
    public void close() throws IOException {
        hangUp = true;
        selector.close();
        channel.close();
    }
}
