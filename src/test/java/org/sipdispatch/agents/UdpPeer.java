package org.sipdispatch.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipRequest;

/** A peer with a UDP socket. */
public final class UdpPeer extends Peer {
    private final DatagramSocket socket;
    private final BiConsumer<UdpPeer, SipRequest> onRequest;
    private volatile InetSocketAddress lastSource;

    /** One that answers requests by itself, or ignores them. */
    public UdpPeer(InetSocketAddress local, BiConsumer<UdpPeer, SipRequest> onRequest) {
        this.onRequest = onRequest;
        try {
            socket = new DatagramSocket(local);
            socket.setReceiveBufferSize(4 << 20);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::run, "peer-" + address().getPort());
        thread.setDaemon(true);
        thread.start();
    }

    public UdpPeer(String host) {
        this(new InetSocketAddress(host, 0), (peer, request) -> {});
    }

    /** One that answers every request but ACK with one code. */
    public static UdpPeer answering(String host, int code) {
        return answering(new InetSocketAddress(host, 0), code);
    }

    /** The same at a port that is given: one of {@link Ports} is free for TCP too. */
    public static UdpPeer answering(InetSocketAddress local, int code) {
        return new UdpPeer(local, (peer, request) -> {
            if (!request.isMethod("ACK")) {
                String contact = "Contact: <sip:callee@" + SipText.hostPort(peer.address()) + ">";
                peer.send(peer.lastSource(), SipText.response(request, code, "callee", contact));
            }
        });
    }

    private void run() {
        byte[] buffer = new byte[65_536];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                lastSource = (InetSocketAddress) packet.getSocketAddress();
                take(Arrays.copyOf(buffer, packet.getLength()));
            } catch (IOException closed) {
                // The socket was closed: that is how this thread ends.
            }
        }
    }

    @Override
    protected void onMessage(SipMessage message) {
        if (message instanceof SipRequest request) {
            onRequest.accept(this, request);
        }
    }

    /** Where the last datagram came from. */
    public InetSocketAddress lastSource() {
        return lastSource;
    }

    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    public void send(InetSocketAddress to, String message) {
        send(to, SipText.bytes(message));
    }

    public void send(InetSocketAddress to, byte[] message) {
        try {
            socket.send(new DatagramPacket(message, message.length, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
