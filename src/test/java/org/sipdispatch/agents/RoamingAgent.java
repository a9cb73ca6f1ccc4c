package org.sipdispatch.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.sip.NameAddr;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.SipUri;

/**
 * A user agent over UDP that places calls at a steady rate through several proxies, the first try of each call at the
 * next of them. It does what RFC 3263 says: a request that is answered 503, or meets a closed port, or stays without any
 * answer, is sent to the next proxy as a new transaction. A request of a dialog goes where its Route says: to one
 * proxy only where that is an address, to any where it is a name, which stands for all of them.
 */
public final class RoamingAgent implements AutoCloseable {
    private static final long T1_MS = 500;
    private static final long T2_MS = 4000;
    private static final long SILENT_MS = 4000;
    private static final long GIVE_UP_MS = 64 * T1_MS;
    /** An ICMP message comes at once or never. */
    private static final long ICMP_MS = 200;

    /**
     * How calls are.
     *
     * @param talkMs how long one lasts
     */
    public record Style(int callsPerSecond, long talkMs) {}

    private enum Phase {
        CALLING,
        TALKING,
        HANGING_UP
    }

    private static final class Call {
        private final String id = UUID.randomUUID().toString();
        private final long beganMs;
        private Phase phase = Phase.CALLING;
        private int at;
        private boolean bound;
        private boolean answered;
        private int moves;
        private byte[] sent;
        private String routes = "";
        private String target = "sip:callee@example.com";
        private String toTag = "";
        private long requestBeganMs;
        private long triedMs;
        private long dueMs;
        private long intervalMs;

        Call(long nowMs) {
            beganMs = nowMs;
        }
    }

    private final List<DatagramChannel> ways = new ArrayList<>();
    private final List<InetSocketAddress> proxies;
    private final Selector selector;
    private final Style style;
    private final Map<String, Call> calls = new ConcurrentHashMap<>();
    private final AtomicInteger placed = new AtomicInteger();
    private final AtomicInteger completed = new AtomicInteger();
    private final Map<String, Integer> moves = new TreeMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "roaming-caller");
    private volatile boolean finish;

    private RoamingAgent(String host, List<InetSocketAddress> proxies, Style style) throws IOException {
        this.proxies = List.copyOf(proxies);
        this.style = style;
        selector = Selector.open();
        for (InetSocketAddress proxy : proxies) {
            DatagramChannel way = DatagramChannel.open();
            way.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
            way.bind(new InetSocketAddress(host, 0));
            way.connect(proxy);
            way.configureBlocking(false);
            way.register(selector, SelectionKey.OP_READ, ways.size());
            ways.add(way);
        }
    }

    public static RoamingAgent start(String host, List<InetSocketAddress> proxies, Style style) {
        try {
            RoamingAgent agent = new RoamingAgent(host, proxies, style);
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

    /** Calls that were answered, lasted their time and were hung up. */
    public int completed() {
        return completed.get();
    }

    /** What went wrong, one line for each call that failed. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** How often a request was sent to another proxy, by method and reason. */
    public synchronized Map<String, Integer> moves() {
        return new TreeMap<>(moves);
    }

    /** Places no more calls and waits until those that are under way have ended. */
    public void finish() throws InterruptedException {
        finish = true;
        thread.join();
    }

    private void run() {
        long beganMs = nowMs();
        int due = 0;
        try {
            while (!finish || !calls.isEmpty()) {
                long nowMs = nowMs();
                while (!finish && due < (nowMs - beganMs) * style.callsPerSecond() / 1000) {
                    due++;
                    place(nowMs);
                }
                selector.select(5);
                selector.selectedKeys().clear();
                for (int way = 0; way < ways.size(); way++) {
                    receiveAll(way);
                }
                lookAtAll(nowMs());
            }
        } catch (IOException | RuntimeException e) {
            if (!finish) {
                failures.add("caller: " + e);
            }
        }
    }

    private void place(long nowMs) {
        Call call = new Call(nowMs);
        call.at = placed.getAndIncrement() % ways.size();
        calls.put(call.id, call);
        begin(call, nowMs);
    }

    private void begin(Call call, long nowMs) {
        call.requestBeganMs = nowMs;
        call.moves = 0;
        attempt(call, nowMs);
    }

    private void attempt(Call call, long nowMs) {
        call.answered = false;
        call.triedMs = nowMs;
        call.intervalMs = T1_MS;
        call.dueMs = nowMs + T1_MS;
        call.sent = request(call, call.phase == Phase.CALLING ? "INVITE" : "BYE");
        send(call.at, call.sent, nowMs);
    }

    private void send(int way, byte[] message, long nowMs) {
        try {
            ways.get(way).write(ByteBuffer.wrap(message));
        } catch (PortUnreachableException e) {
            // An older packet met a closed port; this one was not sent.
            closedAt(way, nowMs);
        } catch (IOException e) {
            failures.add("caller: " + e);
        }
    }

    private byte[] request(Call call, String method) {
        String self = SipText.hostPort(address(call.at));
        String text = method + " " + call.target + " SIP/2.0\r\n"
                + "Via: SIP/2.0/UDP " + self + ";branch=z9hG4bK" + UUID.randomUUID() + ";rport\r\n"
                + "Max-Forwards: 70\r\n" + call.routes
                + "From: <sip:caller@example.com>;tag=" + call.id.substring(0, 8) + "\r\n"
                + "To: <sip:callee@example.com>" + call.toTag + "\r\n"
                + "Call-ID: " + call.id + "\r\nCSeq: " + (method.equals("BYE") ? 2 : 1) + " " + method + "\r\n"
                + "Contact: <sip:caller@" + self + ">\r\nContent-Length: 0\r\n\r\n";
        return SipText.bytes(text);
    }

    private InetSocketAddress address(int way) {
        try {
            return (InetSocketAddress) ways.get(way).getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void receiveAll(int way) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        while (true) {
            try {
                if (ways.get(way).receive(buffer.clear()) == null) {
                    return;
                }
            } catch (PortUnreachableException e) {
                closedAt(way, nowMs());
                continue;
            }
            byte[] bytes = java.util.Arrays.copyOf(buffer.array(), buffer.position());
            if (SipText.parsed(bytes, bytes.length) instanceof SipResponse response) {
                answered(response, nowMs());
            }
        }
    }

    private void answered(SipResponse response, long nowMs) {
        Call call = calls.get(SipText.callId(response));
        if (call == null) {
            return;
        }
        boolean ofInvite = response.cseqMethodIs("INVITE");
        boolean current = ofInvite == (call.phase == Phase.CALLING);
        if (!current) {
            if (ofInvite && response.isSuccess()) {
                send(call.at, request(call, "ACK"), nowMs);
            }
        } else if (response.isProvisional()) {
            call.answered = true;
            call.dueMs = ofInvite ? Long.MAX_VALUE : call.dueMs;
        } else if (response.status() == 503) {
            move(call, "503", nowMs);
        } else if (!response.isSuccess()) {
            end(call, response.toString().lines().findFirst().orElse(""));
        } else if (ofInvite) {
            talk(call, response, nowMs);
        } else {
            end(call, null);
        }
    }

    private void talk(Call call, SipResponse response, long nowMs) {
        call.routes = SipText.routes(response);
        call.target = response.text(HeaderName.CONTACT).replaceAll("[<>]", "");
        call.toTag = ";tag=" + response.to().tagText();
        call.phase = Phase.TALKING;
        call.bound = namesOneProxy(call);
        call.dueMs = nowMs + style.talkMs();
        call.triedMs = nowMs;
        send(call.at, request(call, "ACK"), nowMs);
    }

    private boolean namesOneProxy(Call call) {
        byte[] first =
                SipText.bytes(call.routes.lines().findFirst().orElse("Route: ").substring("Route: ".length()));
        SipUri uri = NameAddr.parse(first, 0, first.length).uri();
        byte[] literal = IpLiteral.parse(uri.host());
        for (int i = 0; literal != null && i < proxies.size(); i++) {
            if (java.util.Arrays.equals(proxies.get(i).getAddress().getAddress(), literal)) {
                call.at = i;
            }
        }
        return literal != null;
    }

    /** What was sent there within the last moments has not arrived. */
    private void closedAt(int way, long nowMs) {
        for (Call call : List.copyOf(calls.values())) {
            boolean fresh = call.at == way && nowMs - call.triedMs <= ICMP_MS;
            if (fresh && call.phase == Phase.TALKING && !call.bound) {
                count("ACK", "closed port");
                call.at = (way + 1) % ways.size();
                send(call.at, request(call, "ACK"), nowMs);
            } else if (call.at == way && call.phase != Phase.TALKING && !call.answered) {
                move(call, "closed port", nowMs);
            }
        }
    }

    private void move(Call call, String why, long nowMs) {
        String method = call.phase == Phase.CALLING ? "INVITE" : "BYE";
        if (call.bound) {
            // There is one address only: repetitions go on until the request times out.
            return;
        }
        count(method, why);
        if (++call.moves >= 2 * ways.size()) {
            end(call, "moved " + call.moves + " times, last for " + why);
            return;
        }
        call.at = (call.at + 1) % ways.size();
        attempt(call, nowMs);
    }

    private synchronized void count(String method, String why) {
        moves.merge(method + " " + why, 1, Integer::sum);
    }

    private void end(Call call, String failure) {
        calls.remove(call.id);
        if (failure == null) {
            completed.incrementAndGet();
        } else {
            failures.add(call.phase + " " + call.id + " at " + proxies.get(call.at) + ": " + failure);
        }
    }

    private void lookAtAll(long nowMs) {
        for (Call call : List.copyOf(calls.values())) {
            if (call.phase == Phase.TALKING) {
                if (nowMs >= call.dueMs) {
                    call.phase = Phase.HANGING_UP;
                    begin(call, nowMs);
                }
            } else if (nowMs - call.requestBeganMs > GIVE_UP_MS) {
                end(call, "no answer, " + (nowMs - call.beganMs) + " ms after it began");
            } else if (!call.answered && !call.bound && nowMs - call.triedMs > SILENT_MS) {
                move(call, "silence", nowMs);
            } else if (nowMs >= call.dueMs) {
                repeat(call, nowMs);
            }
        }
    }

    private void repeat(Call call, long nowMs) {
        call.intervalMs = call.phase == Phase.HANGING_UP ? Math.min(2 * call.intervalMs, T2_MS) : 2 * call.intervalMs;
        call.dueMs = nowMs + call.intervalMs;
        count(call.phase == Phase.CALLING ? "INVITE" : "BYE", "repeated");
        send(call.at, call.sent, nowMs);
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }

    @Override
    public void close() throws IOException {
        finish = true;
        selector.close();
        for (DatagramChannel way : ways) {
            way.close();
        }
    }
}
