package org.sipdispatch.transport;

import akka.actor.ActorRef;
import akka.io.Udp;
import akka.util.ByteString;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * Reads a UDP socket into the mailbox of its actor. A read that finds nothing costs as much as one that finds a datagram.
 * So a socket with one datagram at a time is read once, and until it is empty only if it was ready several times in turn.
 */
final class DatagramReader implements DirectExecutor.Reader {
    /** The socket cannot be read any more. */
    record Failed(DatagramChannel channel) {}

    /** How often in turn a socket was ready with one datagram at least, before it is read until it is empty. */
    private static final int TIMES = 4;

    /** The most datagrams of one turn, so that other sockets and the actors have theirs. */
    private static final int MOST = 256;

    private final DatagramChannel channel;
    private final ActorRef owner;
    private int times;

    DatagramReader(DatagramChannel channel, ActorRef owner) {
        this.channel = channel;
        this.owner = owner;
    }

    @Override
    public void read(ByteBuffer buffer) {
        int most = times < TIMES ? 1 : MOST;
        int count = 0;
        try {
            while (count < most && receive(buffer)) {
                count++;
            }
        } catch (IOException e) {
            owner.tell(new Failed(channel), ActorRef.noSender());
        }
        times = count < most ? 0 : Math.min(times + 1, TIMES);
    }

    private boolean receive(ByteBuffer buffer) throws IOException {
        SocketAddress sender = channel.receive(buffer.clear());
        if (sender == null) {
            return false;
        }
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        owner.tell(
                new Udp.Received(ByteString.fromArrayUnsafe(bytes), (InetSocketAddress) sender), ActorRef.noSender());
        return true;
    }
}
