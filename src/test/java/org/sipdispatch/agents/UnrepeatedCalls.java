package org.sipdispatch.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.sipdispatch.sip.SipResponse;

/** A caller over UDP that sends each request once: INVITE, ACK and BYE at a steady rate. What is lost stays lost. */
public final class UnrepeatedCalls {
    private static final long GIVE_UP_NS = TimeUnit.SECONDS.toNanos(40);

    /** An answered INVITE: when it was sent, as of {@link System#nanoTime}, and how long its answer took. */
    public record Dialled(long sentNs, double delayMs) {}

    /**
     * What became of them.
     *
     * @param calls how many were placed
     * @param lost requests without a final answer, one line for each
     * @param refused requests that were answered otherwise than 200, one line for each
     * @param timesMs how long each answered request took
     * @param dialled the answered INVITEs
     */
    public record Result(
            int calls, List<String> lost, List<String> refused, List<Double> timesMs, List<Dialled> dialled) {
        /** How many answers came after more than that. */
        public long above(double ms) {
            return timesMs.stream().filter(time -> time > ms).count();
        }

        /** The time of the slowest answer. */
        public double slowestMs() {
            return timesMs.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        }
    }

    private static final class Open {
        private final String call;
        private final String method;
        private final long sentNs = System.nanoTime();

        Open(String call, String method) {
            this.call = call;
            this.method = method;
        }
    }

    private final DatagramChannel channel;
    private final InetSocketAddress node;
    private final Map<String, Open> open = new HashMap<>();
    private final List<String> lost = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final List<Double> timesMs = new ArrayList<>();
    private final List<Dialled> dialled = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(65_536);
    private Requests requests;

    private UnrepeatedCalls(DatagramChannel channel, InetSocketAddress node) {
        this.channel = channel;
        this.node = node;
    }

    /** Places that many calls and waits until all are over. */
    public static Result place(InetSocketAddress node, int calls, int perSecond) {
        return place(node, "callee", calls, perSecond);
    }

    /** The same to a user. */
    public static Result place(InetSocketAddress node, String user, int calls, int perSecond) {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
            channel.bind(new InetSocketAddress("127.0.0.1", 0));
            channel.configureBlocking(false);
            return new UnrepeatedCalls(channel, node).run(user, calls, perSecond);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Result run(String user, int calls, int perSecond) throws IOException {
        requests = Requests.udp((InetSocketAddress) channel.getLocalAddress()).to("sip:" + user + "@example.com");
        long beganNs = System.nanoTime();
        int placed = 0;
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            while (placed < calls || !open.isEmpty()) {
                while (placed < calls && placed <= (System.nanoTime() - beganNs) * 1e-9 * perSecond) {
                    placed++;
                    String call = UUID.randomUUID().toString();
                    send(new Open(call, "INVITE"), requests.of("INVITE", call));
                }
                selector.select(1);
                selector.selectedKeys().clear();
                takeAll();
                giveUpOld();
            }
        }
        return new Result(placed, lost, refused, timesMs, dialled);
    }

    private void send(Open request, String text) throws IOException {
        open.put(request.call, request);
        send(text);
    }

    private void send(String text) throws IOException {
        channel.send(ByteBuffer.wrap(SipText.bytes(text)), node);
    }

    private void takeAll() throws IOException {
        while (channel.receive(buffer.clear()) != null) {
            byte[] bytes = java.util.Arrays.copyOf(buffer.array(), buffer.position());
            if (SipText.parsed(bytes, bytes.length) instanceof SipResponse response && !response.isProvisional()) {
                answered(response);
            }
        }
    }

    private void answered(SipResponse response) throws IOException {
        String call = SipText.callId(response);
        Open request = open.get(call);
        if (request == null || !response.cseqMethodIs(request.method)) {
            return;
        }
        open.remove(call);
        double ms = (System.nanoTime() - request.sentNs) / 1e6;
        timesMs.add(ms);
        if (request.method.equals("INVITE")) {
            dialled.add(new Dialled(request.sentNs, ms));
        }
        if (!response.isSuccess()) {
            refused.add(request.method + " " + call + ": " + response.status());
        } else if (request.method.equals("INVITE")) {
            send(requests.inDialog("ACK", response));
            send(new Open(call, "BYE"), requests.inDialog("BYE", response));
        }
    }

    private void giveUpOld() {
        open.values().removeIf(request -> {
            boolean old = System.nanoTime() - request.sentNs > GIVE_UP_NS;
            if (old) {
                lost.add(request.method + " " + request.call);
            }
            return old;
        });
    }
}
