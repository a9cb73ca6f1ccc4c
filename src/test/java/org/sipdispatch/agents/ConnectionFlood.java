package org.sipdispatch.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Many TCP connections from one address that send nothing, or the beginning of a message each. */
public final class ConnectionFlood implements AutoCloseable {
    private final String from;
    private final InetSocketAddress to;
    private final List<SocketChannel> channels = new ArrayList<>();

    private ConnectionFlood(String from, InetSocketAddress to) {
        this.from = from;
        this.to = to;
    }

    /** Opens them one after the other; those that are reset at once count as tried. */
    public static ConnectionFlood open(String from, InetSocketAddress to, int many) {
        ConnectionFlood flood = new ConnectionFlood(from, to);
        for (int i = 0; i < many; i++) {
            flood.openOne();
        }
        return flood;
    }

    private void openOne() {
        try {
            SocketChannel channel = SocketChannel.open();
            channels.add(channel);
            channel.bind(new InetSocketAddress(from, 0));
            channel.connect(to);
            channel.configureBlocking(false);
        } catch (IOException reset) {
            // The far side has no place: what this flood is about.
        }
    }

    /** Sends the same bytes on each, as far as it takes them. */
    public void sendOnEach(byte[] bytes) {
        for (SocketChannel channel : channels) {
            try {
                channel.write(ByteBuffer.wrap(bytes));
            } catch (IOException | java.nio.channels.NotYetConnectedException closed) {
                // Closed by the far side.
            }
        }
    }

    /** How many the far side has not closed. */
    public int open() {
        return (int) channels.stream().filter(ConnectionFlood::isOpen).count();
    }

    private static boolean isOpen(SocketChannel channel) {
        try {
            return channel.isConnected() && channel.read(ByteBuffer.allocate(1024)) >= 0;
        } catch (IOException reset) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
