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
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;

/**
 * Many user agents over UDP, each at a port of its own, that answer each request once and some time later. A repetition
 * gets no answer, so it cannot hide that one was lost.
 */
public final class LateAgents implements AutoCloseable {
    /** The INVITE of a call, with its time as of {@link System#nanoTime}. */
    public record Arrival(int agent, String callId, long atNs) {}

    private record Due(long atNs, DatagramChannel from, SocketAddress to, byte[] answer) {}

    private static final class Agent {
        private final int number;
        private final DatagramChannel channel;
        private volatile int leastMs;
        private volatile int mostMs;
        private volatile boolean silent;
        private volatile int serviceMs;
        private long busyUntilNs = System.nanoTime();

        Agent(int number, DatagramChannel channel) {
            this.number = number;
            this.channel = channel;
        }
    }

    private final Selector selector;
    private final List<Agent> agents = new ArrayList<>();
    private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>((one, other) -> Long.compare(one.atNs, other.atNs));
    private final Set<String> answered = new HashSet<>();
    private final Random random = new Random(1);
    private volatile boolean closed;

    private LateAgents(int count, int leastMs, int mostMs) throws IOException {
        selector = Selector.open();
        for (int i = 0; i < count; i++) {
            DatagramChannel channel = DatagramChannel.open();
            channel.bind(new InetSocketAddress("127.0.0.1", 0));
            channel.configureBlocking(false);
            Agent agent = new Agent(i, channel);
            channel.register(selector, SelectionKey.OP_READ, agent);
            agents.add(agent);
            answerAfter(i, leastMs, mostMs);
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

    /** From now on this one answers after a time between those two. */
    public void answerAfter(int agent, int leastMs, int mostMs) {
        agents.get(agent).leastMs = leastMs;
        agents.get(agent).mostMs = mostMs;
    }

    /** From now on this one serves one call at a time, for that long; the others wait. Other requests do not. */
    public void serve(int agent, int serviceMs) {
        agents.get(agent).serviceMs = serviceMs;
    }

    /** Whether this one answers nothing. */
    public void silent(int agent, boolean now) {
        agents.get(agent).silent = now;
    }

    /** The ports of all. */
    public List<Integer> ports() {
        return agents.stream()
                .map(agent -> agent.channel.socket().getLocalPort())
                .toList();
    }

    /** The URIs of all. */
    public List<String> uris() {
        return ports().stream().map(port -> "sip:127.0.0.1:" + port).toList();
    }

    /** The calls so far, in the order of their arrival. */
    public List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        try {
            while (!closed) {
                selector.select(due.isEmpty() ? 20 : 1);
                for (SelectionKey key : selector.selectedKeys()) {
                    takeAll((Agent) key.attachment(), buffer);
                }
                selector.selectedKeys().clear();
                while (!due.isEmpty() && due.peek().atNs - System.nanoTime() <= 0) {
                    Due next = due.poll();
                    next.from.send(ByteBuffer.wrap(next.answer), next.to);
                }
            }
            for (Agent agent : agents) {
                agent.channel.close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void takeAll(Agent agent, ByteBuffer buffer) throws IOException {
        DatagramChannel channel = agent.channel;
        for (SocketAddress from = channel.receive(buffer.clear());
                from != null;
                from = channel.receive(buffer.clear())) {
            byte[] bytes = java.util.Arrays.copyOf(buffer.array(), buffer.position());
            if (!agent.silent
                    && SipText.parsed(bytes, bytes.length) instanceof SipRequest request
                    && isNew(request, from)) {
                long nowNs = System.nanoTime();
                if (request.isMethod("INVITE")) {
                    arrivals.add(new Arrival(agent.number, SipText.callId(request), nowNs));
                }
                String contact = "Contact: <sip:127.0.0.1:" + channel.socket().getLocalPort() + ">";
                byte[] answer = SipText.bytes(SipText.response(request, 200, "late", contact));
                due.add(new Due(whenDue(agent, request, nowNs), channel, from, answer));
            }
        }
    }

    private long whenDue(Agent agent, SipRequest request, long nowNs) {
        if (agent.serviceMs == 0 || !request.isMethod("INVITE")) {
            return nowNs + random.nextInt(agent.leastMs, agent.mostMs + 1) * 1_000_000L;
        }
        agent.busyUntilNs = Math.max(nowNs, agent.busyUntilNs) + agent.serviceMs * 1_000_000L;
        return agent.busyUntilNs;
    }

    /** The same call may come from several proxies. */
    private boolean isNew(SipRequest request, SocketAddress from) {
        return !request.isMethod("ACK") && answered.add(SipText.callId(request) + request.text(HeaderName.CSEQ) + from);
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
