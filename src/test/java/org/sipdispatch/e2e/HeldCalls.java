package org.sipdispatch.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.sip.SipResponse;

/** A caller over UDP that places calls through one node at a steady rate and hangs up after a random time. */
final class HeldCalls implements AutoCloseable {
    private static final int T1_MS = 500;
    private static final int LONGEST_MS = 1500;

    private final int longestMs;

    private final DatagramSocket socket;
    private final Requests requests;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Random random = new Random();
    private final Map<String, SipResponse> answered = new ConcurrentHashMap<>();
    private final Map<String, String> byes = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile InetSocketAddress node;
    private volatile boolean alongRoute = true;
    private volatile boolean placing = true;

    HeldCalls(String host, InetSocketAddress node, int callsPerSecond) throws IOException {
        this(host, node, callsPerSecond, LONGEST_MS);
    }

    /** {@code longestMs}: the longest time between the answer to a call and its BYE. */
    HeldCalls(String host, InetSocketAddress node, int callsPerSecond, int longestMs) throws IOException {
        this.node = node;
        this.longestMs = longestMs;
        socket = new DatagramSocket(new InetSocketAddress(host, 0));
        socket.setReceiveBufferSize(4 << 20);
        requests = Requests.udp((InetSocketAddress) socket.getLocalSocketAddress());
        Thread thread = new Thread(this::receive, "held-calls");
        thread.setDaemon(true);
        thread.start();
        timer.scheduleAtFixedRate(this::place, 0, 1_000_000 / callsPerSecond, TimeUnit.MICROSECONDS);
    }

    private void place() {
        if (placing) {
            send(requests.of("INVITE", Requests.newCall()));
        }
    }

    /** Places no more calls; those that it has end. */
    void stopPlacing() {
        placing = false;
    }

    /** Its node was killed: it hangs up through this one, and places no more calls. */
    void turnTo(InetSocketAddress other) {
        stopPlacing();
        alongRoute = false;
        node = other;
    }

    int refused() {
        return refused.get();
    }

    private void receive() {
        byte[] buffer = new byte[65_536];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                if (SipText.parsed(buffer.clone(), packet.getLength()) instanceof SipResponse response
                        && !response.isProvisional()) {
                    onFinal(response);
                }
            } catch (IOException closed) {
                // The socket was closed: that is how this thread ends.
            }
        }
    }

    private void onFinal(SipResponse response) {
        String call = SipText.callId(response);
        if (response.cseqMethodIs("BYE")) {
            byes.remove(call);
        } else if (!response.isSuccess()) {
            refused.incrementAndGet();
            send(requests.ackOf(response));
        } else {
            send(requests.inDialog("ACK", response));
            if (answered.put(call, response) == null) {
                timer.schedule(() -> hangUp(call), random.nextInt(longestMs), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void hangUp(String call) {
        String bye = requests.inDialog("BYE", answered.get(call));
        byes.put(call, bye);
        repeat(call);
    }

    private void repeat(String call) {
        String bye = byes.get(call);
        if (bye != null) {
            String sent = alongRoute ? bye : withoutRoute(bye);
            send(sent);
            timer.schedule(() -> repeat(call), T1_MS, TimeUnit.MILLISECONDS);
        }
    }

    private static String withoutRoute(String request) {
        return request.replaceAll("(?m)^Route:.*\r\n", "");
    }

    private void send(String message) {
        byte[] bytes = SipText.bytes(message);
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, node));
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        socket.close();
    }
}
