package org.sipdispatch.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.sipdispatch.sip.ParseResult;
import org.sipdispatch.sip.SipParser;

/** A UDP socket of a user agent. */
final class SipSocket implements AutoCloseable {
    private final DatagramSocket socket;

    /** A message and its source address. */
    record Received(ParseResult message, InetSocketAddress from) {}

    SipSocket(InetSocketAddress local) throws SocketException {
        socket = new DatagramSocket(local);
    }

    /** The local address as {@code host:port}, for a URI or a Via. */
    String localAddress() {
        String address = socket.getLocalAddress().getHostAddress();
        boolean isIpv6 = socket.getLocalAddress() instanceof Inet6Address;
        return (isIpv6 ? "[" + address + "]" : address) + ":" + socket.getLocalPort();
    }

    void send(InetSocketAddress to, byte[] message) throws IOException {
        socket.send(new DatagramPacket(message, message.length, to));
    }

    static byte[] bytes(String message) {
        return message.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Waits for a message.
     *
     * @param patienceMs how long to wait, in milliseconds; 1 at least
     * @return null if none arrived
     * @throws IOException if the socket was closed
     */
    Received receive(int patienceMs) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        try {
            socket.setSoTimeout(patienceMs);
            socket.receive(packet);
        } catch (SocketTimeoutException none) {
            return null;
        }
        return new Received(SipParser.parse(packet.getData(), 0, packet.getLength()), (InetSocketAddress)
                packet.getSocketAddress());
    }

    static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }

    @Override
    public void close() {
        socket.close();
    }
}
