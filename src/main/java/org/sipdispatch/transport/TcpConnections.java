package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.relay.Flow;
import org.sipdispatch.relay.ListenSocket;
import org.sipdispatch.relay.SendFailure;

/** The TCP connections of one lane, by number and by peer; a number tells which lane it belongs to. One thread only. */
final class TcpConnections {
    private static final int LANE_BITS = 6;

    /** The other end of a connection, and our socket that it belongs to. */
    record Peer(int socket, InetSocketAddress remote) {}

    private final int lane;
    private final List<LaneActor.Neighbour> lanes;
    private final Map<Long, ActorRef> byNumber = new HashMap<>();
    private final Map<Peer, ActorRef> byPeer = new HashMap<>();
    /** How many bytes all connections may hold together, unfinished messages and unsent ones. */
    private final long mostBytes;
    /** How many bytes one connection may hold that its peer has not taken yet. */
    private final int mostUnsent;

    private long held;
    private long last;

    TcpConnections(int lane, List<LaneActor.Neighbour> lanes, TransportSettings settings) {
        this.lane = lane;
        this.lanes = lanes;
        mostBytes = settings.maxBuffered();
        mostUnsent = settings.maxUnsent();
    }

    /** A connection holds so many bytes more; whether that is within the limit. */
    boolean hold(long more) {
        held += more;
        return held <= mostBytes;
    }

    int size() {
        return byNumber.size();
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
        if (number == Flow.NO_CONNECTION && length > StreamFramer.USUAL_SIZE && held + length > mostBytes) {
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
