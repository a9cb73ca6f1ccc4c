package org.sipdispatch.agents;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.sipdispatch.sip.SipResponse;

/** A caller with several TLS connections that stay open: INVITE, ACK, BYE on each in turn, at an even rate. */
public final class TlsCallingAgent implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;
    /** So that no address begins more handshakes than a node allows it. */
    private static final int ADDRESSES = 10;

    private final class Connection {
        private final SSLSocket socket;
        private final Requests requests;
        /** The calls without a final response to their BYE, and when each began. */
        private final Map<String, Long> open = new ConcurrentHashMap<>();

        private volatile boolean ended;

        private Connection(SSLContext context, String host, InetSocketAddress node) throws IOException {
            Socket plain = new Socket();
            plain.bind(new InetSocketAddress(host, 0));
            plain.setTcpNoDelay(true);
            plain.connect(node);
            socket = (SSLSocket) context.getSocketFactory()
                    .createSocket(plain, node.getAddress().getHostAddress(), node.getPort(), true);
            socket.startHandshake();
            requests = Requests.tls((InetSocketAddress) plain.getLocalSocketAddress());
            Thread reader = new Thread(this::read, "tls caller " + host);
            reader.setDaemon(true);
            reader.start();
        }

        private void place() {
            String call = Requests.newCall();
            open.put(call, System.nanoTime());
            placed.incrementAndGet();
            send(requests.of("INVITE", call));
        }

        private synchronized void send(String message) {
            try {
                socket.getOutputStream().write(SipText.bytes(message));
            } catch (IOException e) {
                end(e);
            }
        }

        private void read() {
            try {
                InputStream in = new BufferedInputStream(socket.getInputStream());
                while (true) {
                    byte[] message = TcpCallingAgent.message(in);
                    if (SipText.parsed(message, message.length) instanceof SipResponse response
                            && !response.isProvisional()) {
                        answered(response);
                    }
                }
            } catch (IOException e) {
                end(e);
            }
        }

        private void answered(SipResponse response) {
            String call = SipText.callId(response);
            boolean ofBye = response.cseqMethodIs("BYE");
            if (!response.isSuccess()) {
                open.remove(call);
                failures.add(
                        call + ": " + response.toString().lines().findFirst().orElse(""));
            } else if (ofBye) {
                Long beganNs = open.remove(call);
                if (beganNs != null) {
                    completed.incrementAndGet();
                    milliseconds.add((System.nanoTime() - beganNs) / 1e6);
                }
            } else {
                send(requests.inDialog("ACK", response));
                send(requests.inDialog("BYE", response));
            }
        }

        private void end(IOException why) {
            if (!ended && !closing) {
                failures.add("connection from " + socket.getLocalSocketAddress() + ": " + why);
            }
            ended = true;
        }
    }

    private final List<Connection> connections = new ArrayList<>();
    private final AtomicInteger placed = new AtomicInteger();
    private final AtomicInteger completed = new AtomicInteger();
    private final List<Double> milliseconds = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean ends;
    private volatile boolean closing;

    private TlsCallingAgent(SSLContext context, InetSocketAddress node, int many, int callsPerSecond) {
        try {
            for (int i = 0; i < many; i++) {
                connections.add(new Connection(context, "127.0.2." + (1 + i % ADDRESSES), node));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(() -> placeAll(1_000_000_000L / callsPerSecond), "tls caller");
        thread.setDaemon(true);
        thread.start();
    }

    /** Opens that many connections, and then begins to call. */
    public static TlsCallingAgent start(SSLContext context, InetSocketAddress node, int many, int callsPerSecond) {
        return new TlsCallingAgent(context, node, many, callsPerSecond);
    }

    private void placeAll(long everyNs) {
        long dueNs = System.nanoTime();
        for (int next = 0; !ends; next = (next + 1) % connections.size()) {
            connections.get(next).place();
            dueNs += everyNs;
            while (System.nanoTime() < dueNs) {
                LockSupport.parkNanos(dueNs - System.nanoTime());
            }
        }
    }

    /** Places no more calls and waits until those that are under way have ended; the rest has failed. */
    public void finish() throws InterruptedException {
        ends = true;
        thread.join();
        Awaitility.await()
                .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() -> connections.stream().allMatch(one -> one.open.isEmpty() || one.ended));
    }

    public int placed() {
        return placed.get();
    }

    public int completed() {
        return completed.get();
    }

    /** How long each call took, from its INVITE to the response to its BYE. */
    public List<Double> milliseconds() {
        return List.copyOf(milliseconds);
    }

    /** The connections that the node has not closed. */
    public int openConnections() {
        return (int) connections.stream().filter(one -> !one.ended).count();
    }

    /** What went wrong, one line for each call or connection. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() throws IOException {
        closing = true;
        ends = true;
        for (Connection one : connections) {
            one.socket.close();
        }
    }
}
