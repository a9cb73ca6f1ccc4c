package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;
import org.sipdispatch.proxy.RelayLane;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.TransactionConnections;

/**
 * A lane of the node.
 *
 * @param waiting the size of the queue of messages that other lanes have handed over to it
 * @param readUpToNanos all datagrams that arrived on it before this time of {@link System#nanoTime} have been read, and
 *     handed over if they belong to other lanes
 */
record LaneRef(ActorRef actor, AtomicInteger waiting, AtomicLong readUpToNanos) {
    LaneRef(ActorRef actor) {
        this(actor, new AtomicInteger(), new AtomicLong(System.nanoTime()));
    }

    /** Runs a task of another thread on the lane. */
    record RunOnLane(ObjLongConsumer<RelayLane> what) {}

    /** A message that belongs to this lane but arrived on another. */
    record HandedOver(byte[] bytes, int offset, int length, Flow flow) {}

    /**
     * A message for the first of these TCP connections that is open, or for a new one.
     *
     * @param from the number of the sending lane, which learns it if the message cannot be sent
     */
    record SendTcp(
            int from, ListenSocket socket, InetSocketAddress remote, TransactionConnections connections, byte[] bytes) {
        /** Whether the only connection for the message has closed. */
        boolean isTooLate() {
            return connections == TransactionConnections.CLOSED;
        }

        /** The same message, for other connections. */
        SendTcp over(TransactionConnections others) {
            return new SendTcp(from, socket, remote, others, bytes);
        }
    }

    /** Other lanes may now have connections for these aliases (RFC 5923). */
    record CheckAliases(List<RemoteEndpoint> peers) {}

    /** No other lane has a connection for this message, which returns to the lane that sends it. */
    record NoOtherConnection(SendTcp message) {}

    /** An ICMP error: the hop is unreachable. */
    record Unreachable(NextHop hop) {}

    /** Further messages are dropped, as datagrams are under overload. */
    private static final int MOST_WAITING = 4096;

    /** A large message counts as several. */
    private static final int BYTES_OF_ONE = 4096;

    void run(ObjLongConsumer<RelayLane> what) {
        actor.tell(new RunOnLane(what), ActorRef.noSender());
    }

    private static int size(HandedOver message) {
        return 1 + message.length() / BYTES_OF_ONE;
    }

    /** Hands a message over; false if the lane's queue is full. */
    boolean handOver(HandedOver message) {
        if (waiting.get() >= MOST_WAITING) {
            return false;
        }
        waiting.addAndGet(size(message));
        actor.tell(message, ActorRef.noSender());
        return true;
    }

    /** Removes a message from the queue's size when the lane handles it. */
    void arrived(HandedOver message) {
        waiting.addAndGet(-size(message));
    }
}
