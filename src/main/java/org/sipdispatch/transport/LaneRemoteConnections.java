package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.util.HashMap;
import java.util.Map;

/**
 * The connection of a lane for each peer: the newest of several with the same address, such as those of one client
 * through two load balancers. One thread only.
 */
final class LaneRemoteConnections {
    private enum Kind {
        /** The lane has opened it. */
        OUTBOUND,
        /** The peer has opened it. */
        INBOUND,
        /** The peer is an alias of the client that has opened it. */
        ALIAS
    }

    /** A connection, and the one to use after it has closed; null for none. */
    private record Found(ActorRef connection, Kind kind, Found older) {
        static Found without(Found found, ActorRef connection) {
            if (found == null || found.connection.equals(connection)) {
                return found == null ? null : found.older;
            }
            return new Found(found.connection, found.kind, without(found.older, connection));
        }

        static Found withoutAlias(Found found) {
            if (found == null || found.kind == Kind.ALIAS) {
                return found == null ? null : withoutAlias(found.older);
            }
            return new Found(found.connection, found.kind, withoutAlias(found.older));
        }

        static boolean isShared(Found found) {
            return found != null && (found.kind != Kind.OUTBOUND || isShared(found.older));
        }
    }

    private final int lane;
    private final SharedRemoteConnections shared;
    private final Map<RemoteEndpoint, Found> found = new HashMap<>();

    LaneRemoteConnections(int lane, SharedRemoteConnections shared) {
        this.lane = lane;
        this.shared = shared;
    }

    /** Returns null if there is none. */
    ActorRef get(RemoteEndpoint peer) {
        Found newest = found.get(peer);
        return newest == null ? null : newest.connection;
    }

    void addOutbound(RemoteEndpoint peer, ActorRef connection) {
        found.put(peer, new Found(connection, Kind.OUTBOUND, found.get(peer)));
    }

    /**
     * Adds a connection that the peer has opened. Any alias for this peer is removed.
     *
     * @return the lanes that have to {@link #checkAlias}, one bit each
     */
    long addInbound(RemoteEndpoint peer, ActorRef connection) {
        found.put(peer, new Found(connection, Kind.INBOUND, Found.withoutAlias(found.get(peer))));
        return shared.opened(peer, lane);
    }

    /**
     * Gives a client the alias, unless that address is the alias of another client, or has a connection: one from it on
     * any lane, or one of this lane to it.
     *
     * @return the lanes that have to {@link #checkAlias}, one bit each; -1 if the client does not get it
     */
    long addAlias(RemoteEndpoint peer, ActorRef connection, SharedRemoteConnections.AliasClient client) {
        Found newest = found.get(peer);
        if (newest != null && newest.kind != Kind.ALIAS) {
            return -1;
        }
        long others = shared.claim(peer, lane, client);
        if (others >= 0) {
            found.put(peer, new Found(connection, Kind.ALIAS, null));
        }
        return others;
    }

    /** Another lane has taken over an alias, unless this lane has taken it back since. */
    void checkAlias(RemoteEndpoint peer) {
        if (!shared.isAliasOf(peer, lane)) {
            put(peer, Found.withoutAlias(found.get(peer)));
        }
    }

    /** Removes a closed connection; returns whether it was the one in use for its peer. */
    boolean remove(RemoteEndpoint peer, ActorRef connection) {
        Found before = found.get(peer);
        Found rest = Found.without(before, connection);
        put(peer, rest);
        if (Found.isShared(before) && !Found.isShared(rest)) {
            shared.left(peer, lane);
        }
        return before != null && before.connection.equals(connection);
    }

    private void put(RemoteEndpoint peer, Found rest) {
        if (rest == null) {
            found.remove(peer);
        } else {
            found.put(peer, rest);
        }
    }
}
