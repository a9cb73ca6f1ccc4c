package org.sipdispatch.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sipdispatch.sip.SipRequest;

/** A user agent over UDP that takes every call, and repeats its 200 until the ACK is there (RFC 3261 13.3.1.4). */
public final class AnsweringAgent implements AutoCloseable {
    private static final int T1_MS = 500;
    private static final int T2_MS = 4000;
    private static final int MOST_REPEATS = 11;

    /** Looks at requests as they come. */
    public interface Watch {
        /** Whether it is to be answered. */
        boolean answers(SipRequest request, InetSocketAddress from);
    }

    private static final class Unacknowledged {
        private byte[] answer;
        private SocketAddress to;
        private long dueMs;
        private long intervalMs = T1_MS;
        private int repeats;
    }

    /** A ping as it came: when, by {@link System#nanoTime}, and from which host. */
    public record Ping(long atNanos, String from) {
        /** Likewise, in milliseconds. */
        public long atMs() {
            return atNanos / 1_000_000;
        }
    }

    private final DatagramSocket socket;
    private final String name;
    private final List<Ping> pings = new CopyOnWriteArrayList<>();
    private volatile boolean silent;
    private final Watch watch;
    private final Map<String, Unacknowledged> unacknowledged = new LinkedHashMap<>();

    private AnsweringAgent(InetSocketAddress local, String name, Watch watch) throws IOException {
        this.watch = watch;
        socket = new DatagramSocket(local);
        socket.setReceiveBufferSize(4 << 20);
        socket.setSoTimeout(20);
        this.name = name;
    }

    /** Begins to answer at a port of its own. */
    public static AnsweringAgent start(String host, String name) {
        return start(host, name, (request, from) -> true);
    }

    /** The same, with somebody who looks on. */
    public static AnsweringAgent start(String host, String name, Watch watch) {
        return start(new InetSocketAddress(host, 0), name, watch);
    }

    /** The same at a port that is given. */
    public static AnsweringAgent start(InetSocketAddress local, String name) {
        return start(local, name, (request, from) -> true);
    }

    public static AnsweringAgent start(InetSocketAddress local, String name, Watch watch) {
        try {
            AnsweringAgent agent = new AnsweringAgent(local, name, watch);
            Thread thread = new Thread(agent::run, name);
            thread.setDaemon(true);
            thread.start();
            return agent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Whether it answers neither pings nor new calls; those that it took go on. */
    public void silent(boolean now) {
        silent = now;
    }

    /** The pings that have come, answered or not. */
    public List<Ping> pings() {
        return pings;
    }

    private void run() {
        byte[] buffer = new byte[65_536];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                if (SipText.parsed(buffer.clone(), packet.getLength()) instanceof SipRequest request
                        && watch.answers(request, (InetSocketAddress) packet.getSocketAddress())) {
                    answer(request, packet.getSocketAddress());
                }
            } catch (SocketTimeoutException quiet) {
                // Time to look at what is due.
            } catch (IOException e) {
                // Closed, or a target that cannot be sent to: the next turn of the loop finds out.
            }
            repeatDue(nowMs());
        }
    }

    private void answer(SipRequest request, SocketAddress from) throws IOException {
        String call = SipText.callId(request);
        if (request.isMethod("ACK")) {
            unacknowledged.remove(call);
            return;
        }
        if (request.isMethod("OPTIONS")) {
            pings.add(new Ping(
                    System.nanoTime(), ((InetSocketAddress) from).getAddress().getHostAddress()));
        }
        if (silent && !request.isMethod("BYE") && !unacknowledged.containsKey(call)) {
            return;
        }
        byte[] answer = SipText.bytes(SipText.response(
                request, 200, name, "Contact: <sip:" + name + "@" + SipText.hostPort(address()) + ">"));
        if (request.isMethod("INVITE")) {
            Unacknowledged open = unacknowledged.computeIfAbsent(call, unused -> new Unacknowledged());
            open.answer = answer;
            open.to = from;
            open.dueMs = nowMs() + open.intervalMs;
        }
        send(answer, from);
    }

    private void send(byte[] answer, SocketAddress to) throws IOException {
        socket.send(new DatagramPacket(answer, answer.length, to));
    }

    private void repeatDue(long nowMs) {
        for (Iterator<Unacknowledged> all = unacknowledged.values().iterator(); all.hasNext(); ) {
            Unacknowledged open = all.next();
            if (nowMs < open.dueMs) {
                continue;
            }
            if (++open.repeats > MOST_REPEATS) {
                all.remove();
                continue;
            }
            open.intervalMs = Math.min(2 * open.intervalMs, T2_MS);
            open.dueMs = nowMs + open.intervalMs;
            try {
                send(open.answer, open.to);
            } catch (IOException e) {
                all.remove();
            }
        }
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }

    @Override
    public void close() {
        socket.close();
    }
}
