package org.sipdispatch.transport;

import akka.io.Inet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Socket options that let several lanes, and the watches of UDP peers, share one local address. */
final class ReusablePort {
    private static final int BUFFER_BYTES = 4 << 20;

    private ReusablePort() {}

    /** Opens channels for a local address and shows each to {@code opened}. */
    static final class Channels extends Inet.DatagramChannelCreator {
        private final InetSocketAddress local;
        private final Consumer<DatagramChannel> opened;

        Channels(InetSocketAddress local, Consumer<DatagramChannel> opened) {
            this.local = local;
            this.opened = opened;
        }

        @Override
        public DatagramChannel create() throws Exception {
            boolean ipv6 = local.getAddress() instanceof java.net.Inet6Address;
            DatagramChannel channel =
                    DatagramChannel.open(ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
            opened.accept(channel);
            return channel;
        }
    }

    /**
     * Connects a UDP socket to one peer as soon as it is bound. In between it is one of those that share the port and
     * may be given anybody's datagrams; connecting would throw them away, so they are taken out first.
     */
    static final class Connected extends Inet.AbstractSocketOptionV2 {
        private final InetSocketAddress remote;
        private final BiConsumer<byte[], InetSocketAddress> early;
        private final ByteBuffer buffer;

        /** The buffer holds any datagram and may be shared among those that are opened on one thread. */
        Connected(InetSocketAddress remote, ByteBuffer buffer, BiConsumer<byte[], InetSocketAddress> early) {
            this.remote = remote;
            this.buffer = buffer;
            this.early = early;
        }

        @Override
        public void afterBind(DatagramSocket socket) {
            try {
                DatagramChannel channel = socket.getChannel();
                SocketAddress sender = channel.receive(buffer);
                while (sender != null) {
                    byte[] bytes = new byte[buffer.flip().remaining()];
                    buffer.get(bytes).clear();
                    early.accept(bytes, (InetSocketAddress) sender);
                    sender = channel.receive(buffer);
                }
                channel.connect(remote);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Holds a channel that is opened on a thread of Akka's, until it is bound. */
    static final class Slot {
        private volatile DatagramChannel opened;

        void set(DatagramChannel value) {
            opened = value;
        }

        DatagramChannel get() {
            return opened;
        }
    }

    /** For listening TCP sockets. */
    static final class OnServerSocket implements Inet.SocketOption {
        @Override
        public void beforeServerSocketBind(ServerSocket socket) {
            try {
                socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
