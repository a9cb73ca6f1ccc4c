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
 * So a socket with one datagram at a time is read once. After it was ready several times in turn it is read until it is
 * empty, and so again as long as there are several datagrams at a time. Several datagrams have to leave the mailbox before
 * the next ones are read: a lane that is too slow leaves them to the kernel, instead of reading what its mailbox drops.
 */
final class DatagramReader implements DirectExecutor.Reader {
    /** The socket cannot be read any more. */
    record Failed(DatagramChannel channel) {}

    /** Follows several datagrams in the mailbox of the actor, which calls {@link #handled}. */
    record Handled(DatagramReader reader) {}

    /** How often in turn a socket was ready with one datagram at least, before it is read until it is empty. */
    private static final int TIMES = 4;

    /** The most datagrams of one turn, as with Akka IO, so that other sockets and the actors have theirs. */
    private static final int MOST = 64;

    private final DatagramChannel channel;
    private final ActorRef owner;
    private int times;
    private boolean waits;

    DatagramReader(DatagramChannel channel, ActorRef owner) {
        this.channel = channel;
        this.owner = owner;
    }

    @Override
    public void read(ByteBuffer buffer) {
        if (waits) {
            return;
        }
        int most = times < TIMES ? 1 : MOST;
        int count = 0;
        try {
            while (count < most && receive(buffer)) {
                count++;
            }
        } catch (IOException e) {
            owner.tell(new Failed(channel), ActorRef.noSender());
        }
        times = count > 1 ? TIMES : count < most ? 0 : times + 1;
        if (count > 1) {
            waits = true;
            owner.tell(new Handled(this), ActorRef.noSender());
        }
    }

    /** The actor has handled what was read. */
    void handled() {
        waits = false;
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
