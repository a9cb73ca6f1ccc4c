package org.sipdispatch.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.function.BiConsumer;

/**
 * A UDP socket that is connected to one peer and shares the local address of a listener, so that the operating system
 * reports ICMP errors from the peer's host to it.
 *
 * <p>The listener is of family {@code AF_INET}, this socket of family {@code AF_INET6} and bound to the IPv4-mapped
 * address. Among unconnected sockets the kernel prefers the one of the datagram's own family, and groups of
 * {@code SO_REUSEPORT} consist of one family. So this socket receives nothing before it is connected and after it is
 * disconnected, and only its peer's datagrams in between.
 */
final class ConnectedUdpSocket {
    private final DatagramChannel channel;

    private ConnectedUdpSocket(DatagramChannel channel) {
        this.channel = channel;
    }

    /** Binds a socket to the listener's address; it is not connected yet and receives no datagrams. */
    static ConnectedUdpSocket bind(InetSocketAddress listener) throws IOException {
        DatagramChannel channel = PortSharingOptions.open(StandardProtocolFamily.INET6);
        try {
            channel.configureBlocking(false);
            channel.bind(listener);
            return new ConnectedUdpSocket(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Connects to the peer. From now on the peer's datagrams must be read from this socket. */
    void connect(InetSocketAddress peer) throws IOException {
        UdpChannelConnector.connect(channel, peer);
    }

    DatagramChannel channel() {
        return channel;
    }

    /**
     * Reads all datagrams that have arrived.
     *
     * @return whether there was one
     * @throws PortUnreachableException after an ICMP port unreachable error; the next call continues reading
     * @throws NoRouteToHostException after an ICMP host unreachable error; the next call continues reading
     */
    boolean receiveAll(ByteBuffer buffer, BiConsumer<byte[], InetSocketAddress> taker) throws IOException {
        boolean any = false;
        buffer.clear();
        for (SocketAddress sender = channel.receive(buffer); sender != null; sender = channel.receive(buffer)) {
            byte[] bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes).clear();
            taker.accept(bytes, (InetSocketAddress) sender);
            any = true;
        }
        return any;
    }

    /**
     * Disconnects: later datagrams go to the listener. One whose delivery the kernel had begun on another processor may
     * still arrive here after this returns, so the socket must be read for a while before it is closed.
     */
    void disconnect() throws IOException {
        channel.disconnect();
    }

    /** Closes the socket. The datagrams in it are passed to {@code taker}. */
    void close(ByteBuffer buffer, BiConsumer<byte[], InetSocketAddress> taker) throws IOException {
        try (channel) {
            boolean more = true;
            while (more) {
                more = receiveRest(buffer, taker);
            }
        }
    }

    /** Whether to read again: an ICMP error is reported in place of a datagram. */
    private boolean receiveRest(ByteBuffer buffer, BiConsumer<byte[], InetSocketAddress> taker) throws IOException {
        try {
            return receiveAll(buffer, taker);
        } catch (PortUnreachableException | NoRouteToHostException e) {
            return true;
        }
    }
}
