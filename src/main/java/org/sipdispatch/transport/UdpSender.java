package org.sipdispatch.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import org.sipdispatch.transaction.SendFailure;

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

    /** Sends; tells why if the message does not leave, else null. A full buffer counts as sent: UDP. */
    SendFailure send(InetSocketAddress remote, byte[] bytes, int length) {
        if (channel == null) {
            return SendFailure.CLOSED;
        }
        if (length > MOST_BYTES) {
            return SendFailure.TOO_LARGE;
        }
        buffer.clear();
        buffer.put(bytes, 0, length).flip();
        try {
            channel.send(buffer, remote);
            return null;
        } catch (ClosedChannelException e) {
            return SendFailure.CLOSED;
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            return SendFailure.REFUSED_BY_SYSTEM;
        }
    }
}
