package org.sipdispatch.transport;

import akka.io.Inet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.function.Consumer;

/** Socket options that let the lanes, and the UDP sockets that are connected to peers, share one local address. */
final class PortSharingOptions {
    private static final int BUFFER_BYTES = 4 << 20;

    private PortSharingOptions() {}

    /** Opens a UDP channel without binding it. */
    static DatagramChannel open(ProtocolFamily family) throws IOException {
        DatagramChannel channel = DatagramChannel.open(family);
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
        return channel;
    }

    /** Opens UDP channels for a local address and passes each to {@code opened}. */
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
            DatagramChannel channel = open(ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
            opened.accept(channel);
            return channel;
        }
    }

    /** Holds a channel that a thread of Akka opens, until the channel is bound. */
    static final class ChannelHolder {
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
