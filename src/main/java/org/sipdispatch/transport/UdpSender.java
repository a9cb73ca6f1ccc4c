package org.sipdispatch.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import org.sipdispatch.transaction.SendFailure;

/**
 * Sends datagrams on the channel that the socket receives on. Akka's own sender would close the socket as soon as the
 * operating system refuses a target; here that is only a failed send. One thread only.
 */
final class UdpSender {
    /** The largest payload of an IPv4 datagram. */
    static final int MOST_BYTES = 65_507;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST_BYTES);
    private DatagramChannel channel;

    void use(DatagramChannel bound) {
        channel = bound;
    }

    /**
     * Sends a datagram; returns why it was not sent, else null. A full send buffer counts as sent, as usual for UDP.
     */
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
