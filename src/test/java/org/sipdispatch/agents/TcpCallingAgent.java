package org.sipdispatch.agents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.sipdispatch.sip.SipResponse;

/**
 * A caller over TCP with a connection of its own for each call: INVITE, ACK, BYE, at an even rate until {@link #finish}.
 * It waits while {@value #MOST_UNDER_WAY} calls are under way, so that a pause of the machine does not make it exceed the
 * connections that a node accepts.
 */
public final class TcpCallingAgent {
    private static final int PATIENCE_MS = 20_000;
    private static final int MOST_UNDER_WAY = 100;

    private final String from;
    private final InetSocketAddress node;
    private final long everyNanos;
    private final ExecutorService calls = Executors.newCachedThreadPool();
    private final Semaphore underWay = new Semaphore(MOST_UNDER_WAY);
    private final AtomicInteger placed = new AtomicInteger();
    private final AtomicInteger completed = new AtomicInteger();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "tcp caller");
    private volatile boolean ends;

    private TcpCallingAgent(String from, InetSocketAddress node, int callsPerSecond) {
        this.from = from;
        this.node = node;
        everyNanos = 1_000_000_000L / callsPerSecond;
    }

    public static TcpCallingAgent start(String from, InetSocketAddress node, int callsPerSecond) {
        TcpCallingAgent agent = new TcpCallingAgent(from, node, callsPerSecond);
        agent.thread.setDaemon(true);
        agent.thread.start();
        return agent;
    }

    private void run() {
        long dueNanos = System.nanoTime();
        while (!ends) {
            underWay.acquireUninterruptibly();
            placed.incrementAndGet();
            calls.execute(this::place);
            dueNanos += everyNanos;
            while (System.nanoTime() < dueNanos) {
                LockSupport.parkNanos(dueNanos - System.nanoTime());
            }
        }
    }

    private void place() {
        String call = Requests.newCall();
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(from, 0));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MS);
            socket.connect(node, PATIENCE_MS);
            Requests requests = Requests.tcp((InetSocketAddress) socket.getLocalSocketAddress());
            SipResponse accepted = ask(socket, requests.of("INVITE", call));
            socket.getOutputStream().write(SipText.bytes(requests.inDialog("ACK", accepted)));
            ask(socket, requests.inDialog("BYE", accepted));
            completed.incrementAndGet();
        } catch (IOException e) {
            failures.add(call + ": " + e);
        } finally {
            underWay.release();
        }
    }

    /** Sends a request and gives back its 2xx. */
    private static SipResponse ask(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(SipText.bytes(request));
        while (true) {
            byte[] message = message(socket.getInputStream());
            SipResponse response = (SipResponse) SipText.parsed(message, message.length);
            if (response.isSuccess()) {
                return response;
            }
            if (!response.isProvisional()) {
                throw new IOException(response.toString().lines().findFirst().orElse(""));
            }
        }
    }

    /** One message without a body. */
    static byte[] message(InputStream in) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int lineBreaks = 0;
        while (lineBreaks < 4) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("the connection was closed");
            }
            message.write(b);
            lineBreaks = b == '\r' || b == '\n' ? lineBreaks + 1 : 0;
        }
        return message.toByteArray();
    }

    public int placed() {
        return placed.get();
    }

    public int completed() {
        return completed.get();
    }

    /** What went wrong, one line for each call that failed. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** Places no more calls and waits until those that are under way have ended. */
    public void finish() throws InterruptedException {
        ends = true;
        thread.join();
        calls.shutdown();
        calls.awaitTermination(2L * PATIENCE_MS, TimeUnit.MILLISECONDS);
    }
}
