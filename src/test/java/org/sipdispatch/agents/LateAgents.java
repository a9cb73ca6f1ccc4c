package org.sipdispatch.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;

/**
 * Many user agents over UDP, each at a port of its own, that answer each request once and some time later. A repetition
 * gets no answer, so it cannot hide that one was lost.
 */
public final class LateAgents implements AutoCloseable {
    private record Due(long atNs, DatagramChannel from, SocketAddress to, byte[] answer) {}

    private final Selector selector;
    private final List<DatagramChannel> channels = new ArrayList<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>((one, other) -> Long.compare(one.atNs, other.atNs));
    private final Set<String> answered = new HashSet<>();
    private final Random random = new Random(1);
    private final int leastMs;
    private final int mostMs;
    private volatile boolean closed;

    private LateAgents(int count, int leastMs, int mostMs) throws IOException {
        this.leastMs = leastMs;
        this.mostMs = mostMs;
        selector = Selector.open();
        for (int i = 0; i < count; i++) {
            DatagramChannel channel = DatagramChannel.open();
            channel.bind(new InetSocketAddress("127.0.0.1", 0));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            channels.add(channel);
        }
    }

    /** Starts that many; each answers after a time between those two. */
    public static LateAgents start(int count, int leastMs, int mostMs) {
        try {
            LateAgents agents = new LateAgents(count, leastMs, mostMs);
            Thread thread = new Thread(agents::run, "late agents");
            thread.setDaemon(true);
            thread.start();
            return agents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The URIs of all. */
    public List<String> uris() {
        return channels.stream()
                .map(channel -> "sip:127.0.0.1:" + channel.socket().getLocalPort())
                .toList();
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        try {
            while (!closed) {
                selector.select(due.isEmpty() ? 20 : 1);
                for (SelectionKey key : selector.selectedKeys()) {
                    takeAll((DatagramChannel) key.channel(), buffer);
                }
                selector.selectedKeys().clear();
                while (!due.isEmpty() && due.peek().atNs - System.nanoTime() <= 0) {
                    Due next = due.poll();
                    next.from.send(ByteBuffer.wrap(next.answer), next.to);
                }
            }
            for (DatagramChannel channel : channels) {
                channel.close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void takeAll(DatagramChannel channel, ByteBuffer buffer) throws IOException {
        for (SocketAddress from = channel.receive(buffer.clear());
                from != null;
                from = channel.receive(buffer.clear())) {
            byte[] bytes = java.util.Arrays.copyOf(buffer.array(), buffer.position());
            if (SipText.parsed(bytes, bytes.length) instanceof SipRequest request && isNew(request)) {
                String contact = "Contact: <sip:127.0.0.1:" + channel.socket().getLocalPort() + ">";
                byte[] answer = SipText.bytes(SipText.response(request, 200, "late", contact));
                long waitMs = random.nextInt(leastMs, mostMs + 1);
                due.add(new Due(System.nanoTime() + waitMs * 1_000_000, channel, from, answer));
            }
        }
    }

    private boolean isNew(SipRequest request) {
        return !request.isMethod("ACK") && answered.add(SipText.callId(request) + request.text(HeaderName.CSEQ));
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
