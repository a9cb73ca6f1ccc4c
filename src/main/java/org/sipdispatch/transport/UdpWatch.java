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
 * A UDP socket that is connected to one peer and has the local address of a listener, so that the operating system tells
 * it when the peer's host answers by ICMP.
 *
 * <p>The listener is of family {@code AF_INET}, the watch of family {@code AF_INET6} and bound to the IPv4-mapped address.
 * Of two unconnected sockets the kernel prefers the one of the datagram's own family, and groups of {@code SO_REUSEPORT}
 * are of one family. So the watch is given nothing before it is connected and after it is disconnected, and only its
 * peer's datagrams in between.
 */
final class UdpWatch {
    private final DatagramChannel channel;

    private UdpWatch(DatagramChannel channel) {
        this.channel = channel;
    }

    /** Binds a watch beside the listener there; it is not connected yet and is given no datagram. */
    static UdpWatch bind(InetSocketAddress listener) throws IOException {
        DatagramChannel channel = ReusablePort.open(StandardProtocolFamily.INET6);
        try {
            channel.configureBlocking(false);
            channel.bind(listener);
            return new UdpWatch(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Begins to watch. From now on what the peer sends must be taken from here. */
    void connect(InetSocketAddress peer) throws IOException {
        ConnectedUdp.connect(channel, peer);
    }

    DatagramChannel channel() {
        return channel;
    }

    /**
     * Takes all datagrams that are here.
     *
     * @return whether there was one
     * @throws PortUnreachableException if the peer's host says that nobody listens; the next call goes on
     * @throws NoRouteToHostException if ICMP says that the host cannot be reached; likewise
     */
    boolean takeAll(ByteBuffer room, BiConsumer<byte[], InetSocketAddress> taker) throws IOException {
        boolean any = false;
        room.clear();
        for (SocketAddress sender = channel.receive(room); sender != null; sender = channel.receive(room)) {
            byte[] bytes = new byte[room.flip().remaining()];
            room.get(bytes).clear();
            taker.accept(bytes, (InetSocketAddress) sender);
            any = true;
        }
        return any;
    }

    /** Ends the watch: further datagrams go to the listener, and those that came before are taken. */
    void close(ByteBuffer room, BiConsumer<byte[], InetSocketAddress> taker) throws IOException {
        try (channel) {
            channel.disconnect();
            boolean more = true;
            while (more) {
                more = takeRest(room, taker);
            }
        }
    }

    /** Whether it must be looked again: what ICMP told is read in place of a datagram. */
    private boolean takeRest(ByteBuffer room, BiConsumer<byte[], InetSocketAddress> taker) throws IOException {
        try {
            return takeAll(room, taker);
        } catch (PortUnreachableException | NoRouteToHostException e) {
            return true;
        }
    }
}
