package org.sipdispatch.agents;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * Clients from many addresses that begin TLS handshakes and send nothing else. Of each four, two complete theirs, one
 * falls silent after its first message, and one sends nothing at all. No session is resumed.
 */
public final class HandshakeFlood implements AutoCloseable {
    private static final int ADDRESSES_OF_A_BLOCK = 250;
    /** More than a node admits at a time. */
    private static final int AT_A_TIME = 1_500;

    private static final int PATIENCE_MS = 15_000;

    private final SSLContext context;
    private final InetSocketAddress node;
    private final int addresses;
    private final byte[] hello;
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Queue<Socket> silent = new ConcurrentLinkedQueue<>();

    /** @param addresses how many addresses of 127.0.0.0/8 the clients have */
    public HandshakeFlood(SSLContext context, InetSocketAddress node, int addresses) throws SSLException {
        this.context = context;
        this.node = node;
        this.addresses = addresses;
        hello = hello(context);
    }

    private static byte[] hello(SSLContext context) throws SSLException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer first = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), first);
        return Arrays.copyOf(first.array(), first.position());
    }

    /**
     * Begins that many, and waits until each is completed, refused or silent.
     *
     * @param perSecond how many begin in a second at most; 0 for as many as possible
     */
    public void attack(int many, int perSecond) throws InterruptedException {
        Semaphore free = new Semaphore(AT_A_TIME);
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        for (int i = 0; i < many; i++) {
            int number = i;
            long beganNs = System.nanoTime();
            free.acquire();
            threads.execute(() -> {
                try {
                    begin(number);
                } finally {
                    free.release();
                }
            });
            while (perSecond > 0 && System.nanoTime() - beganNs < 1_000_000_000L / perSecond) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        threads.shutdown();
        if (!threads.awaitTermination(2L * PATIENCE_MS, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("a client still waits for the node");
        }
    }

    private void begin(int number) {
        int address = number % addresses;
        Socket plain = new Socket();
        try {
            plain.bind(new InetSocketAddress(
                    "127.1." + address / ADDRESSES_OF_A_BLOCK + "." + (1 + address % ADDRESSES_OF_A_BLOCK), 0));
            plain.setSoTimeout(PATIENCE_MS);
            plain.connect(node, PATIENCE_MS);
            if (number % 4 < 2) {
                complete(plain, number);
            } else {
                silent.add(plain);
                if (number % 4 == 2) {
                    plain.getOutputStream().write(hello);
                }
            }
        } catch (IOException e) {
            refused.incrementAndGet();
        }
    }

    /** Each asks for another name, so that it has no session to resume. */
    private void complete(Socket plain, int number) throws IOException {
        try (SSLSocket socket = (SSLSocket)
                context.getSocketFactory().createSocket(plain, "n" + number + ".example.com", node.getPort(), true)) {
            socket.startHandshake();
            completed.incrementAndGet();
        }
    }

    public int completed() {
        return completed.get();
    }

    /** The clients that the node did not let in, as far as they noticed. */
    public int refused() {
        return refused.get();
    }

    @Override
    public void close() throws IOException {
        for (Socket one : silent) {
            one.close();
        }
    }
}
