package org.sipdispatch.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** All sockets of the load, and the selector that waits for them. */
final class Sockets implements Closeable {
    /** A callee's socket for connections of the proxy. */
    private record Listener(ServerSocketChannel channel, Endpoint.Receiver receiver) {}

    private final LoadPlan plan;
    private final Selector selector = Selector.open();

    Sockets(LoadPlan plan) throws IOException {
        this.plan = plan;
    }

    /** Opens the socket of a caller. */
    Endpoint caller(Endpoint.Receiver receiver) throws IOException {
        return plan.tcp()
                ? StreamEndpoint.connect(selector, plan.proxy(), receiver)
                : UdpEndpoint.open(selector, 0, plan.proxy(), receiver);
    }

    /** Opens the socket of a callee. */
    void callee(int port, Endpoint.Receiver receiver) throws IOException {
        if (!plan.tcp()) {
            UdpEndpoint.open(selector, port, plan.proxy(), receiver);
            return;
        }
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(new InetSocketAddress(plan.proxy().getAddress(), port));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_ACCEPT, new Listener(channel, receiver));
    }

    /**
     * Waits for messages and passes them to their receivers.
     *
     * @param waitMs how long to wait at most, in milliseconds; 0 for not at all
     */
    void poll(long waitMs) throws IOException {
        try {
            if (waitMs == 0) {
                selector.selectNow(this::ready);
            } else {
                selector.select(this::ready, waitMs);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.attachment() instanceof Listener listener) {
                SocketChannel accepted = listener.channel().accept();
                if (accepted != null) {
                    StreamEndpoint.accepted(selector, accepted, listener.receiver());
                }
            } else if (key.attachment() instanceof Endpoint endpoint) {
                endpoint.ready();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
