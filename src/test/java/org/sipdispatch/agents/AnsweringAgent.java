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

    private static final class Unacknowledged {
        private byte[] answer;
        private SocketAddress to;
        private long dueMs;
        private long intervalMs = T1_MS;
        private int repeats;
    }

    /** An OPTIONS that came, by {@link System#nanoTime}. */
    public record Pinged(long atMs, InetSocketAddress from) {}

    private final DatagramSocket socket;
    private final String name;
    private final List<Pinged> pings = new CopyOnWriteArrayList<>();
    private final Map<String, Unacknowledged> unacknowledged = new LinkedHashMap<>();

    private AnsweringAgent(InetSocketAddress local, String name) throws IOException {
        socket = new DatagramSocket(local);
        socket.setReceiveBufferSize(4 << 20);
        socket.setSoTimeout(20);
        this.name = name;
    }

    /** Begins to answer at a port of its own. */
    public static AnsweringAgent start(String host, String name) {
        return start(new InetSocketAddress(host, 0), name);
    }

    public static AnsweringAgent start(InetSocketAddress local, String name) {
        try {
            AnsweringAgent agent = new AnsweringAgent(local, name);
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

    /** All pings that came, in their order. */
    public List<Pinged> pings() {
        return List.copyOf(pings);
    }

    private void run() {
        byte[] room = new byte[65_536];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(room, room.length);
                socket.receive(packet);
                if (SipText.parsed(room.clone(), packet.getLength()) instanceof SipRequest request) {
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
            pings.add(new Pinged(nowMs(), (InetSocketAddress) from));
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
