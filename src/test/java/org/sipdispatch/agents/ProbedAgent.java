package org.sipdispatch.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.sipdispatch.sip.SipRequest;

/**
 * A user agent over UDP that keeps a record of all requests it gets, and answers them unless it was told not to. Of
 * requests that were sent again only the first is kept, so that each ping counts once.
 */
public final class ProbedAgent implements AutoCloseable {
    /** A request that came; {@code atNanos} as of {@link System#nanoTime}. */
    public record Seen(String method, String uri, String callId, InetSocketAddress from, long atNanos) {
        /** The node that has sent it. */
        public String host() {
            return from.getAddress().getHostAddress();
        }
    }

    private final InetSocketAddress address;
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private volatile DatagramSocket socket;
    private volatile boolean silent;
    private Thread reader;

    private ProbedAgent(InetSocketAddress address) {
        this.address = address;
    }

    /** One that answers, at a port of its own. */
    public static ProbedAgent start() {
        ProbedAgent agent = new ProbedAgent(Ports.freeAddress("127.0.0.1"));
        agent.open();
        return agent;
    }

    /** Listens again. */
    public void open() {
        try {
            socket = new DatagramSocket(address);
            socket.setReceiveBufferSize(4 << 20);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        DatagramSocket opened = socket;
        reader = new Thread(() -> read(opened), "probed-" + address.getPort());
        reader.setDaemon(true);
        reader.start();
    }

    /** Its socket is gone, as that of a process that died. */
    @Override
    public void close() {
        socket.close();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Listens, but says nothing. */
    public void beSilent() {
        silent = true;
    }

    /** Answers again. */
    public void answer() {
        silent = false;
    }

    public String uri() {
        return "sip:127.0.0.1:" + address.getPort();
    }

    /** A URI of its own for each user. */
    public String uri(String user) {
        return "sip:" + user + "@127.0.0.1:" + address.getPort();
    }

    /** All requests of that method, in the order they came; each once. */
    public List<Seen> seen(String method) {
        return seen.stream().filter(one -> one.method().equals(method)).toList();
    }

    public void forget() {
        seen.clear();
    }

    private void read(DatagramSocket opened) {
        byte[] buffer = new byte[65_536];
        Set<String> known = new HashSet<>();
        while (!opened.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                opened.receive(packet);
                long atNanos = System.nanoTime();
                if (SipText.parsed(buffer.clone(), packet.getLength()) instanceof SipRequest request) {
                    Seen one = seen(request, packet, atNanos);
                    if (known.add(one.method() + one.callId())) {
                        seen.add(one);
                    }
                    answer(opened, request, packet);
                }
            } catch (IOException closed) {
                // The socket was closed: that is how this thread ends.
            }
        }
    }

    private static Seen seen(SipRequest request, DatagramPacket packet, long atNanos) {
        String uri = new String(
                request.bytes(),
                request.uriStart(),
                request.uriEnd() - request.uriStart(),
                StandardCharsets.ISO_8859_1);
        InetSocketAddress from = (InetSocketAddress) packet.getSocketAddress();
        return new Seen(request.method(), uri, SipText.callId(request), from, atNanos);
    }

    private void answer(DatagramSocket opened, SipRequest request, DatagramPacket packet) throws IOException {
        if (!silent && !request.isMethod("ACK")) {
            byte[] answer = SipText.bytes(SipText.response(request, 200, "probed"));
            opened.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
    }
}
