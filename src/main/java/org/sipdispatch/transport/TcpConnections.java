package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.SendFailure;

/** The TCP connections of one lane, by number and by peer; a number tells which lane it belongs to. One thread only. */
final class TcpConnections {
    private static final int LANE_BITS = 6;
    /** Smaller messages are sent in any case: they make room for themselves. */
    private static final int USUAL_SIZE = 4096;

    /** The other end of a connection, and our socket that it belongs to. */
    record Peer(int socket, InetSocketAddress remote) {}

    private final int lane;
    private final List<LaneActor.Neighbour> lanes;
    private final Map<Long, ActorRef> byNumber = new HashMap<>();
    private final Map<Peer, ActorRef> byPeer = new HashMap<>();
    private final TcpPlaces inbound;
    private final TcpPlaces outbound;
    private final TcpBuffers buffers;
    /** How many bytes one connection may hold that its peer has not taken yet. */
    private final int mostUnsent;

    private long last;

    TcpConnections(int lane, List<LaneActor.Neighbour> lanes, TransportSettings settings, LaneInlet inlet) {
        this.lane = lane;
        this.lanes = lanes;
        mostUnsent = settings.maxUnsent();
        inbound =
                new TcpPlaces(new TcpPlaces.Kind(Limit.MAX_CONNECTIONS, settings.maxConnections(), false), lane, inlet);
        outbound = new TcpPlaces(new TcpPlaces.Kind(Limit.MAX_OUTBOUND, settings.maxOutbound(), true), lane, inlet);
        buffers = new TcpBuffers(settings.maxBuffered(), lane, inlet);
    }

    /** The places of those that peers have made. */
    TcpPlaces inbound() {
        return inbound;
    }

    /** The places of those to destinations, apart from the others: peers cannot take them. */
    TcpPlaces outbound() {
        return outbound;
    }

    /** What all of them hold. */
    TcpBuffers buffers() {
        return buffers;
    }

    long nextNumber() {
        return ++last << LANE_BITS | lane;
    }

    void add(long number, ListenSocket socket, InetSocketAddress remote, ActorRef connection) {
        byNumber.put(number, connection);
        byPeer.put(new Peer(socket.index(), remote), connection);
    }

    void remove(long number, ListenSocket socket, InetSocketAddress remote, ActorRef connection) {
        byNumber.remove(number);
        byPeer.remove(new Peer(socket.index(), remote), connection);
    }

    ActorRef find(ListenSocket socket, InetSocketAddress remote) {
        return byPeer.get(new Peer(socket.index(), remote));
    }

    /** Hands a message to its connection, to be made if need be; tells why if that is of no use, else null. */
    SendFailure send(ListenSocket socket, InetSocketAddress remote, long number, byte[] bytes, int length) {
        if (length > mostUnsent) {
            return SendFailure.TOO_LARGE;
        }
        // Only requests: a response has no other way, and its connection sees to the limit.
        if (number == Flow.NO_CONNECTION && length > USUAL_SIZE && !buffers.mayHold(remote.getAddress(), length)) {
            return SendFailure.NO_MEMORY;
        }
        byte[] copy = Arrays.copyOf(bytes, length);
        int owner = (int) number & (1 << LANE_BITS) - 1;
        if (number != Flow.NO_CONNECTION && owner != lane && owner < lanes.size()) {
            tell(lanes.get(owner).actor(), new LaneActor.SendTcp(socket, remote, number, copy));
            return null;
        }
        ActorRef connection = number == Flow.NO_CONNECTION ? null : byNumber.get(number);
        if (connection == null) {
            connection = find(socket, remote);
        }
        if (connection == null) {
            tell(lanes.get(lane).actor(), new LaneActor.SendTcp(socket, remote, Flow.NO_CONNECTION, copy));
        } else {
            tell(connection, new TcpConnectionActor.Send(copy));
        }
        return null;
    }

    private static void tell(ActorRef actor, Object message) {
        actor.tell(message, ActorRef.noSender());
    }
}
