package org.sipdispatch.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Sends a MESSAGE through each of some nodes every few milliseconds, whether they live or not, and awaits nothing. */
public final class MessageStream implements AutoCloseable {
    private final List<InetSocketAddress> nodes;
    private final long everyNanos;
    private final DatagramSocket socket;
    private final Requests requests;
    private final Thread thread = new Thread(this::run, "messages");

    private MessageStream(List<InetSocketAddress> nodes, int everyMs) {
        this.nodes = List.copyOf(nodes);
        everyNanos = everyMs * 1_000_000L;
        try {
            socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        requests = Requests.udp((InetSocketAddress) socket.getLocalSocketAddress());
    }

    public static MessageStream start(List<InetSocketAddress> nodes, int everyMs) {
        MessageStream stream = new MessageStream(nodes, everyMs);
        stream.thread.setDaemon(true);
        stream.thread.start();
        return stream;
    }

    private void run() {
        long dueNanos = System.nanoTime();
        while (!socket.isClosed()) {
            for (InetSocketAddress node : nodes) {
                send(node);
            }
            dueNanos += everyNanos;
            LockSupport.parkNanos(dueNanos - System.nanoTime());
        }
    }

    private void send(InetSocketAddress node) {
        byte[] message = SipText.bytes(requests.of("MESSAGE", Requests.newCall()));
        try {
            socket.send(new DatagramPacket(message, message.length, node));
        } catch (IOException closed) {
            // Closed in between: the loop ends.
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
