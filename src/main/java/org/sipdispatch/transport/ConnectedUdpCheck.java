package org.sipdispatch.transport;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * Tests on its own ports whether this kernel delivers to a connected socket its peer's datagrams and no others. Linux
 * before 6.13 prefers a listener with {@code SO_REUSEPORT} to a connected socket of the other family.
 */
final class ConnectedUdpCheck implements AutoCloseable {
    private static final int OTHER_SENDERS = 8;
    private static final int WAIT_MS = 500;

    private final DatagramChannel listener;
    private final ConnectedUdpSocket watch;
    private final DatagramSocket peer;
    private final InetSocketAddress target;
    private final ByteBuffer buffer = ByteBuffer.allocate(16);

    private ConnectedUdpCheck(InetAddress address) throws IOException {
        InetSocketAddress any = new InetSocketAddress(address, 0);
        listener = PortSharingOptions.open(StandardProtocolFamily.INET);
        listener.bind(any);
        listener.socket().setSoTimeout(WAIT_MS);
        watch = ConnectedUdpSocket.bind((InetSocketAddress) listener.getLocalAddress());
        peer = new DatagramSocket(any);
        target = (InetSocketAddress) peer.getLocalSocketAddress();
    }

    /** Why no socket can share a listener's IPv4 address of this host; null if one can. */
    static String unsupportedReason(InetAddress address) {
        if (!UdpChannelConnector.isPossible()) {
            return "the virtual machine was started without --add-opens java.base/sun.nio.ch=ALL-UNNAMED";
        }
        try (ConnectedUdpCheck trial = new ConnectedUdpCheck(address)) {
            return trial.succeeds() ? null : "this kernel does not deliver datagrams correctly (expected: Linux 6.13)";
        } catch (UnsupportedOperationException e) {
            return "this host or its virtual machine has no IPv6";
        } catch (IOException e) {
            return "a trial failed: " + e.getMessage();
        }
    }

    private boolean succeeds() throws IOException {
        return listenerReceivesFromOthers()
                && isEmpty()
                && watchHasThePeer()
                && listenerReceivesFromOthers()
                && isEmpty()
                && watchReportsClosedPort()
                && listenerHasThePeerAgain();
    }

    private boolean listenerReceivesFromOthers() throws IOException {
        for (int i = 0; i < OTHER_SENDERS; i++) {
            try (DatagramSocket otherSender = new DatagramSocket(new InetSocketAddress(target.getAddress(), 0))) {
                send(otherSender);
                if (!listenerHasOne()) {
                    return false;
                }
            }
        }
        return true;
    }

    private void send(DatagramSocket from) throws IOException {
        from.send(new DatagramPacket(new byte[1], 1, listener.getLocalAddress()));
    }

    private boolean listenerHasOne() throws IOException {
        try {
            listener.socket().receive(new DatagramPacket(new byte[1], 1));
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private boolean isEmpty() throws IOException {
        return !watch.receiveAll(buffer, (bytes, sender) -> {});
    }

    private boolean watchHasThePeer() throws IOException {
        watch.connect(target);
        send(peer);
        return awaitOne() == Arrived.DATAGRAM;
    }

    private boolean watchReportsClosedPort() throws IOException {
        peer.close();
        listener.send(ByteBuffer.allocate(1), target);
        return awaitOne() == Arrived.ICMP;
    }

    private boolean listenerHasThePeerAgain() throws IOException {
        watch.disconnect();
        try (DatagramSocket again = new DatagramSocket(target)) {
            send(again);
            return listenerHasOne() && isEmpty();
        }
    }

    private enum Arrived {
        DATAGRAM,
        ICMP,
        NOTHING
    }

    private Arrived awaitOne() throws IOException {
        try (Selector selector = Selector.open()) {
            watch.channel().register(selector, SelectionKey.OP_READ);
            selector.select(WAIT_MS);
            return isEmpty() ? Arrived.NOTHING : Arrived.DATAGRAM;
        } catch (PortUnreachableException e) {
            return Arrived.ICMP;
        }
    }

    @Override
    public void close() throws IOException {
        peer.close();
        watch.channel().close();
        listener.close();
    }
}
