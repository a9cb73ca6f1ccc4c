package org.sipdispatch.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * Sends datagrams on the very channel that Akka IO receives on. Akka's listener would close its socket at the first
 * target that the operating system refuses; here a refusal is an answer. One thread only.
 */
final class UdpSender {
    /** The most that fits into one IPv4 datagram. */
    static final int MOST_BYTES = 65_507;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST_BYTES);
    private DatagramChannel channel;

    void use(DatagramChannel bound) {
        channel = bound;
    }

    /** Sends; false if the operating system refuses the target or the message. A full buffer counts as sent: UDP. */
    boolean send(InetSocketAddress remote, byte[] bytes, int length) {
        if (channel == null || length > MOST_BYTES) {
            return false;
        }
        buffer.clear();
        buffer.put(bytes, 0, length).flip();
        try {
            channel.send(buffer, remote);
            return true;
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            return false;
        }
    }
}
