package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.TlsPeer;
import org.sipdispatch.transaction.TransactionConnections;

/**
 * The TCP connections of one lane, by number and by peer. A number contains the number of its lane. One thread only.
 */
final class TcpConnections {
    private static final int LANE_BITS = 6;
    private static final long FIRST_NUMBERS = 1L << 40;
    /** Messages up to this size are always sent: memory is freed for them. */
    private static final int USUAL_SIZE = 4096;

    private static final int MOST_REMEMBERED = 10_000;

    /**
     * Sends a complete message on a connection.
     *
     * @param from the number of the lane that sends it
     * @param otherwise where a response, or a request to a client, is sent if this connection closes first; null for
     *     nowhere
     */
    record Send(int from, byte[] bytes, LaneRef.SendTcp otherwise) {
        /**
         * The connection has closed. If its peer closed it, a response takes another way; what this node drops stays
         * dropped, because it frees the memory.
         *
         * @param detail more about the failure; empty for nothing
         */
        void notSent(LaneTcpContext home, InetSocketAddress remote, TcpCloseState closed, String detail) {
            if (otherwise == null || closed.reason() != null) {
                home.connections().notSent(from, bytes, remote, closed.end(), detail);
            } else {
                home.connections().send(otherwise);
            }
        }
    }

    /**
     * A connection that is no longer in use.
     *
     * @param found the keys under which it was found: other connections may have the same address, such as those of one
     *     client through two proxies
     */
    record EndedConnection(long number, NextHop hop, Set<RemoteEndpoint> found) {
        /** The connection's remote address, and the further addresses that led to it (RFC 5923). */
        Set<NextHop> hops() {
            Set<NextHop> all = new HashSet<>(Set.of(hop));
            found.forEach(peer -> all.add(new NextHop(hop.socket(), peer.remote())));
            return all;
        }

        /** Whether messages for this hop were sent on it. */
        boolean carried(NextHop to) {
            TransactionConnections wanted = to.connections();
            if (wanted.areKnown()) {
                return wanted.number() == number;
            }
            return found.contains(key(to.socket(), to.remote(), wanted.peer()));
        }
    }

    private final int lane;
    private final List<LaneRef> lanes;
    private final LaneInlet inlet;
    private final Map<Long, ActorRef> byNumber = new HashMap<>();
    private final SharedRemoteConnections shared;
    private final LaneRemoteConnections byPeer;
    private final Map<ActorRef, List<RemoteEndpoint>> aliases = new HashMap<>();
    /** The peers that were at these addresses, for requests that name only the address. */
    private final Map<InetSocketAddress, TlsPeer> tlsPeers = new HashMap<>();

    private final TcpAdmissions inbound;
    private final TcpAdmissions outbound;
    private final TcpBuffers buffers;
    /** The most bytes that one connection may hold until its peer reads them. */
    private final int mostUnsent;

    /**
     * The number of the last connection, without the lane. Numbers begin at a random one: Vias and flow tokens of an earlier
     * process, or of another node with the same secret, are valid here, and must not lead to a connection of this process.
     */
    private long last = new SecureRandom().nextLong(FIRST_NUMBERS);

    TcpConnections(
            int lane,
            List<LaneRef> lanes,
            SharedRemoteConnections shared,
            TransportSettings settings,
            LaneInlet inlet) {
        this.lane = lane;
        this.lanes = lanes;
        this.shared = shared;
        byPeer = new LaneRemoteConnections(lane, shared);
        this.inlet = inlet;
        mostUnsent = settings.maxUnsent();
        inbound = new TcpAdmissions(
                new TcpAdmissions.AdmissionPolicy(Limit.MAX_CONNECTIONS, settings.maxConnections(), false),
                lane,
                inlet);
        outbound = new TcpAdmissions(
                new TcpAdmissions.AdmissionPolicy(Limit.MAX_OUTBOUND, settings.maxOutbound(), true), lane, inlet);
        buffers = new TcpBuffers(settings.maxBuffered(), lane, inlet);
    }

    /** The slots of connections that peers have opened. */
    TcpAdmissions inbound() {
        return inbound;
    }

    /** The slots of connections to destinations, which are separate so that peers cannot take them. */
    TcpAdmissions outbound() {
        return outbound;
    }

    /** The memory that all connections hold. */
    TcpBuffers buffers() {
        return buffers;
    }

    long nextNumber() {
        return ++last << LANE_BITS | lane;
    }

    /** {@code isInbound}: whether the peer has opened the connection. */
    void add(long number, NextHop hop, ActorRef connection, boolean isInbound) {
        byNumber.put(number, connection);
        RemoteEndpoint anyone = peer(hop, null);
        if (isInbound) {
            checkAliases(byPeer.addInbound(anyone, connection), List.of(anyone));
            return;
        }
        byPeer.addOutbound(anyone, connection);
        if (hop.connections().peer() != null) {
            byPeer.addOutbound(peer(hop, hop.connections().peer()), connection);
        }
    }

    private static RemoteEndpoint peer(NextHop hop, TlsPeer tls) {
        return new RemoteEndpoint(hop.socket().index(), hop.remote(), tls);
    }

    /**
     * Requests to this port of the client use its connection if they name only the address, or expect one of the names of
     * a client that is a server too (RFC 5923). The alias moves here from an earlier connection of the same client, which
     * may have broken off unnoticed. On all lanes a connection that was opened from that port stays, and so does the alias
     * of another client; on this lane also a connection to that port.
     */
    void addAlias(Flow flow, int port, SharedRemoteConnections.AliasClient client) {
        ActorRef connection = byNumber.get(flow.connection());
        if (connection == null) {
            return;
        }
        int socket = flow.socket().index();
        InetSocketAddress address = new InetSocketAddress(flow.source().getAddress(), port);
        List<RemoteEndpoint> all = new ArrayList<>();
        all.add(new RemoteEndpoint(socket, address, null));
        if (client.isServer()) {
            for (String name : client.names()) {
                all.add(new RemoteEndpoint(socket, address, new TlsPeer(name, null, TlsPeer.Scope.ALL, false)));
                all.add(new RemoteEndpoint(socket, address, new TlsPeer(name, null, TlsPeer.Scope.ALL, true)));
            }
        }
        long before = 0;
        List<RemoteEndpoint> own = new ArrayList<>();
        for (RemoteEndpoint peer : all) {
            long others = byPeer.addAlias(peer, connection, client);
            if (others >= 0) {
                own.add(peer);
                before |= others;
            }
        }
        checkAliases(before, own);
        aliases.put(connection, own);
    }

    private void checkAliases(long others, List<RemoteEndpoint> peers) {
        LaneRef.CheckAliases check = new LaneRef.CheckAliases(List.copyOf(peers));
        for (long rest = others; rest != 0; rest &= rest - 1) {
            tell(lanes.get(Long.numberOfTrailingZeros(rest)).actor(), check);
        }
    }

    /** Other lanes may now have connections for these aliases of this lane. */
    void checkAliases(LaneRef.CheckAliases check) {
        check.peers().forEach(byPeer::checkAlias);
    }

    /** The connection is no longer found. */
    EndedConnection remove(long number, NextHop hop, ActorRef connection) {
        byNumber.remove(number);
        List<RemoteEndpoint> peers = new ArrayList<>();
        peers.add(peer(hop, null));
        peers.addAll(aliases.getOrDefault(connection, List.of()));
        aliases.remove(connection);
        if (hop.connections().peer() != null) {
            peers.add(peer(hop, hop.connections().peer()));
        }
        peers.removeIf(peer -> !byPeer.remove(peer, connection));
        return new EndedConnection(number, hop, Set.copyOf(peers));
    }

    /** The open connection for this message, whichever it is on; null if there is none. */
    ActorRef find(LaneRef.SendTcp message) {
        return byPeer.get(
                key(message.socket(), message.remote(), message.connections().peer()));
    }

    /** The key under which the connection for a message is found. */
    private static RemoteEndpoint key(ListenSocket socket, InetSocketAddress remote, TlsPeer peer) {
        return new RemoteEndpoint(socket.index(), remote, isExact(peer) ? peer : null);
    }

    /** Whether only a connection to this peer may be used. */
    static boolean isExact(TlsPeer peer) {
        return peer != null && peer.scope() == TlsPeer.Scope.ALL;
    }

    /** The TLS handshake with this peer has succeeded. */
    void verified(InetSocketAddress remote, TlsPeer peer) {
        if (tlsPeers.size() >= MOST_REMEMBERED) {
            tlsPeers.clear();
        }
        tlsPeers.put(remote, peer);
    }

    /** The peer that a new TLS connection must lead to; {@code wanted}: null if only the address is known. */
    TlsPeer tlsPeer(InetSocketAddress remote, TlsPeer wanted) {
        TlsPeer known = wanted == null || wanted.scope() == TlsPeer.Scope.UNVERIFIED ? tlsPeers.get(remote) : null;
        if (known != null) {
            return known;
        }
        return wanted == null
                ? new TlsPeer(remote.getAddress().getHostAddress(), null)
                : wanted.with(TlsPeer.Scope.ALL);
    }

    /**
     * The other lane to which this peer has opened a connection; null if there is none.
     *
     * @param wanted the peer that the connection must lead to; null for any peer
     */
    LaneRef otherLane(ListenSocket socket, InetSocketAddress remote, TlsPeer wanted) {
        int other = shared.otherLane(key(socket, remote, wanted), lane);
        return other < 0 ? null : lanes.get(other);
    }

    /** Passes a message to its connection, which is opened if necessary; returns why that is impossible, else null. */
    SendFailure send(
            ListenSocket socket,
            InetSocketAddress remote,
            TransactionConnections connections,
            byte[] bytes,
            int length) {
        if (length > mostUnsent) {
            return SendFailure.TOO_LARGE;
        }
        // Only requests: a response has no other connection, and the connection enforces the limit.
        if (!connections.areKnown() && length > USUAL_SIZE && !buffers.mayHold(remote.getAddress(), length)) {
            return SendFailure.NO_MEMORY;
        }
        send(new LaneRef.SendTcp(lane, socket, remote, connections, Arrays.copyOf(bytes, length)));
        return null;
    }

    /** Passes a message to the first connection that is open, or to the lane of the first that may be. */
    void send(LaneRef.SendTcp message) {
        TransactionConnections each = message.connections();
        for (; each.areKnown(); each = after(each, message.socket())) {
            int owner = (int) each.number() & (1 << LANE_BITS) - 1;
            if (owner != lane && owner < lanes.size()) {
                tell(lanes.get(owner).actor(), message.over(each));
                return;
            }
            ActorRef connection = byNumber.get(each.number());
            if (connection != null) {
                LaneRef.SendTcp otherwise = message.over(after(each, message.socket()));
                tell(connection, new Send(message.from(), message.bytes(), otherwise));
                return;
            }
        }
        ActorRef connection = each == TransactionConnections.CLOSED ? null : find(message);
        if (connection == null) {
            tell(lanes.get(lane).actor(), message.over(each));
        } else {
            tell(connection, new Send(message.from(), message.bytes(), null));
        }
    }

    /**
     * The connections to try if this one has closed. Over WebSocket the other connections with its address are not
     * among them, because behind a proxy or NAT they may be another client's.
     */
    private static TransactionConnections after(TransactionConnections closed, ListenSocket socket) {
        TransactionConnections older = closed.older();
        return older.isNone() && socket.protocol().isWebSocket() ? TransactionConnections.CLOSED : older;
    }

    /** A message of this lane for one connection only. */
    Send own(byte[] message) {
        return new Send(lane, message, null);
    }

    /**
     * Tells the lane that sent a message that it could not be sent.
     *
     * @param detail more about the failure; empty for nothing
     */
    void notSent(int from, byte[] message, InetSocketAddress remote, SendFailure why, String detail) {
        if (from == lane) {
            inlet.notSent(message, remote, why, detail);
        } else {
            lanes.get(from).run((relay, nowMs) -> relay.notSent(message, remote, why, detail, nowMs));
        }
    }

    /**
     * No more responses will come on a connection.
     *
     * @param detail more about the failure; empty for nothing
     * @param senders the lanes that have sent on it, one bit each; this lane learns of the end in any case
     */
    void lost(EndedConnection ended, SendFailure why, String detail, long senders) {
        for (NextHop hop : ended.hops()) {
            inlet.lost(hop, ended::carried, why, detail);
            for (int i = 0; i < lanes.size(); i++) {
                if (i != lane && (senders >>> i & 1) != 0) {
                    lanes.get(i).run((relay, nowMs) -> relay.transportError(hop, ended::carried, why, detail, nowMs));
                }
            }
        }
    }

    /** Tells all peers that the node stops, and closes their connections. */
    void stopNode() {
        byNumber.values().forEach(connection -> tell(connection, TcpCloseState.StopNode.INSTANCE));
    }

    boolean isEmpty() {
        return byNumber.isEmpty();
    }

    private static void tell(ActorRef actor, Object message) {
        actor.tell(message, ActorRef.noSender());
    }
}
