package org.sipdispatch.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.sipdispatch.sip.ByteWriter;

/** A TCP connection with the proxy. */
final class StreamEndpoint extends Endpoint {
    private static final int LARGEST = 1 << 17;
    private static final int MOST_UNSENT = 1 << 24;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final InetSocketAddress local;
    /** A callee's connection may end: the proxy opens another one. */
    private final boolean isCaller;

    private final Receiver receiver;
    private final ByteBuffer in = ByteBuffer.allocate(LARGEST);
    private final MessageView view = new MessageView();
    private ByteBuffer unsent = ByteBuffer.allocate(LARGEST);
    private boolean waitsToWrite;

    private StreamEndpoint(Selector selector, SocketChannel channel, boolean isCaller, Receiver receiver)
            throws IOException {
        this.channel = channel;
        this.isCaller = isCaller;
        this.receiver = receiver;
        local = (InetSocketAddress) channel.getLocalAddress();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ);
        key.attach(this);
    }

    static StreamEndpoint connect(Selector selector, InetSocketAddress proxy, Receiver receiver) throws IOException {
        try {
            return new StreamEndpoint(selector, SocketChannel.open(proxy), true, receiver);
        } catch (IOException e) {
            throw new IOException("tcp:" + LoadText.hostPort(proxy) + " (expected: a proxy that listens there)", e);
        }
    }

    static StreamEndpoint accepted(Selector selector, SocketChannel channel, Receiver receiver) throws IOException {
        return new StreamEndpoint(selector, channel, false, receiver);
    }

    @Override
    InetSocketAddress local() {
        return local;
    }

    @Override
    void ready() throws IOException {
        flush();
        int length = channel.read(in);
        if (length < 0) {
            channel.close();
            if (isCaller) {
                throw new EOFException("the proxy closed the connection of a caller");
            }
        } else if (length > 0) {
            frame();
        }
    }

    /** Passes the complete messages on, and keeps the rest. */
    private void frame() throws IOException {
        byte[] bytes = in.array();
        int used = in.position();
        int at = 0;
        while (at < used) {
            if (bytes[at] == '\r' || bytes[at] == '\n') {
                at++;
                continue;
            }
            int end = MessageView.end(bytes, at, used);
            if (end < 0) {
                break;
            }
            receiver.received(view.set(bytes, at, end), this);
            at = end;
        }
        System.arraycopy(bytes, at, bytes, 0, used - at);
        in.position(used - at);
        if (!in.hasRemaining()) {
            throw new IOException("a message of more than " + LARGEST + " bytes arrived");
        }
    }

    @Override
    void send(ByteWriter message) throws IOException {
        if (unsent.remaining() < message.length()) {
            if (unsent.capacity() >= MOST_UNSENT) {
                throw new IOException("the proxy does not read: " + unsent.position() + " bytes wait for it");
            }
            unsent = ByteBuffer.allocate(unsent.capacity() * 2).put(unsent.flip());
        }
        unsent.put(message.bytes(), 0, message.length());
        flush();
    }

    private void flush() throws IOException {
        if (unsent.position() > 0) {
            unsent.flip();
            channel.write(unsent);
            unsent.compact();
        }
        if (waitsToWrite != unsent.position() > 0) {
            waitsToWrite = !waitsToWrite;
            key.interestOps(waitsToWrite ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }
}
