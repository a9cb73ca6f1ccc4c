package org.sipdispatch.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.sipdispatch.sip.ByteWriter;

/** A UDP socket, connected to the proxy. */
final class UdpEndpoint extends Endpoint {
    private static final int LARGEST = 65_535;
    private static final int RECEIVE_BUFFER = 8 << 20;

    private final DatagramChannel channel;
    private final InetSocketAddress local;
    private final InetSocketAddress proxy;
    private final Receiver receiver;
    private final ByteBuffer in = ByteBuffer.allocateDirect(LARGEST);
    private final ByteBuffer out = ByteBuffer.allocateDirect(LARGEST);
    private final byte[] bytes = new byte[LARGEST];
    private final MessageView view = new MessageView();

    private UdpEndpoint(DatagramChannel channel, InetSocketAddress proxy, Receiver receiver) throws IOException {
        this.channel = channel;
        this.proxy = proxy;
        this.receiver = receiver;
        local = (InetSocketAddress) channel.getLocalAddress();
    }

    /** Opens a socket; {@code port}: 0 for a free one. */
    static UdpEndpoint open(Selector selector, int port, InetSocketAddress proxy, Receiver receiver)
            throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            channel.bind(new InetSocketAddress(proxy.getAddress(), port));
            channel.connect(proxy);
            channel.configureBlocking(false);
            UdpEndpoint endpoint = new UdpEndpoint(channel, proxy, receiver);
            channel.register(selector, SelectionKey.OP_READ, endpoint);
            return endpoint;
        } catch (IOException e) {
            channel.close();
            throw new IOException("udp:" + proxy.getAddress().getHostAddress() + ":" + port + ": " + e.getMessage(), e);
        }
    }

    @Override
    InetSocketAddress local() {
        return local;
    }

    @Override
    void ready() throws IOException {
        for (int i = 0; i < BURST; i++) {
            in.clear();
            int length = read();
            if (length <= 0) {
                return;
            }
            in.flip().get(bytes, 0, length);
            receiver.received(view.set(bytes, 0, length), this);
        }
    }

    private int read() throws IOException {
        try {
            return channel.read(in);
        } catch (PortUnreachableException e) {
            throw unreachable(e);
        }
    }

    @Override
    void send(ByteWriter message) throws IOException {
        out.clear().put(message.bytes(), 0, message.length()).flip();
        try {
            // The buffer of the socket is full for microseconds only.
            while (channel.write(out) == 0) {
                Thread.onSpinWait();
            }
        } catch (PortUnreachableException e) {
            throw unreachable(e);
        }
    }

    private IOException unreachable(PortUnreachableException e) {
        return new IOException("udp:" + LoadText.hostPort(proxy) + " (expected: a proxy that listens there)", e);
    }
}
