package org.sipdispatch.database;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.sipdispatch.agents.Ports;

/** A TCP relay to a database that a test can cut, to take a running database away. */
public final class SeverableLink implements AutoCloseable {
    private final InetAddress near;
    private final int target;
    private final int port;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean hung = new AtomicBoolean();
    private ServerSocket listener;

    /** Relays to that port of this host. */
    public SeverableLink(int target) {
        this(InetAddress.getLoopbackAddress(), target);
    }

    /** Listens on that local address and relays to that port of this host. */
    public SeverableLink(InetAddress near, int target) {
        this.near = near;
        this.target = target;
        // Not an ephemeral port: while the link is cut, another connection could get it.
        this.port = Ports.free(near.getHostAddress());
        this.listener = listen(port);
    }

    public int port() {
        return port;
    }

    /** Closes all connections and refuses new ones. */
    public synchronized void cut() {
        close(listener);
        open.forEach(SeverableLink::close);
        open.clear();
    }

    /** Listens again. Retries, because the accepting thread keeps the port a moment longer. */
    public synchronized void mend() {
        listener = Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .ignoreException(UncheckedIOException.class)
                .until(() -> listen(port), Objects::nonNull);
    }

    private ServerSocket listen(int wanted) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(near, wanted), 50);
            start(() -> accept(socket));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket from) throws IOException {
        while (true) {
            Socket caller = from.accept();
            Socket database = new Socket(InetAddress.getLoopbackAddress(), target);
            synchronized (this) {
                if (from.isClosed()) {
                    close(caller);
                    close(database);
                    return;
                }
                open.add(caller);
                open.add(database);
            }
            start(() -> carry(caller, database));
            start(() -> carry(database, caller));
        }
    }

    /** Keeps connections open, also those that one side closes, and accepts new ones, but carries no bytes. */
    public void hang() {
        hung.set(true);
    }

    /** Carries the bytes that waited. */
    public void goOn() {
        synchronized (hung) {
            hung.set(false);
            hung.notifyAll();
        }
    }

    private void carry(Socket from, Socket to) throws IOException {
        byte[] buffer = new byte[16_384];
        try (from;
                to;
                InputStream bytes = from.getInputStream()) {
            for (int size = bytes.read(buffer); size >= 0; size = bytes.read(buffer)) {
                awaitCarrying();
                to.getOutputStream().write(buffer, 0, size);
            }
            awaitCarrying();
        }
    }

    private void awaitCarrying() throws IOException {
        synchronized (hung) {
            while (hung.get()) {
                try {
                    hung.wait();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // The link was cut, or one side closed.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Closeable one) {
        try {
            one.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        cut();
    }
}
