package org.sipdispatch.transport;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Peers whose connections all lanes of a node share, with the lanes that have them, and the aliases of clients (RFC
 * 5923). All lanes use one object, on any thread, so that two clients which ask for one alias on two lanes at the same
 * time do not both get it.
 */
final class SharedRemoteConnections {
    /**
     * A client with an alias, as its certificate identifies it.
     *
     * @param isServer whether outgoing connections would accept the certificate too: another authority may have signed
     *     a certificate with the same names
     */
    record AliasClient(Set<String> names, boolean isServer) {}

    /**
     * Where the connections from a peer are.
     *
     * @param lanes one bit for each lane
     * @param client null for connections that come from the peer's address; otherwise the peer is an alias of this
     *     client
     */
    private record Place(long lanes, AliasClient client) {}

    private final Map<RemoteEndpoint, Place> places = new ConcurrentHashMap<>();

    private static long bit(int lane) {
        return 1L << lane;
    }

    /**
     * The peer has opened a connection to this lane. Any alias for this peer is removed.
     *
     * @return the lanes that must check whether they still own the alias, one bit each
     */
    long opened(RemoteEndpoint peer, int lane) {
        long[] before = new long[1];
        places.compute(peer, (key, place) -> {
            boolean isDirect = place != null && place.client == null;
            before[0] = place == null || isDirect ? 0 : place.lanes;
            return new Place(isDirect ? place.lanes | bit(lane) : bit(lane), null);
        });
        return before[0] & ~bit(lane);
    }

    /**
     * A client of this lane asks for an alias. It does not get the address of a connection, or the alias of another
     * client.
     *
     * @return the lanes that must check whether they still own the alias, one bit each; -1 if the client does not get
     *     it
     */
    long claim(RemoteEndpoint peer, int lane, AliasClient client) {
        long[] before = {-1};
        places.compute(peer, (key, place) -> {
            if (place != null && !client.equals(place.client)) {
                return place;
            }
            before[0] = place == null ? 0 : place.lanes & ~bit(lane);
            return new Place(bit(lane), client);
        });
        return before[0];
    }

    /** Removes the lane: its last connection for this peer has closed. */
    void left(RemoteEndpoint peer, int lane) {
        places.computeIfPresent(peer, (key, place) -> {
            long rest = place.lanes & ~bit(lane);
            return rest == 0 ? null : new Place(rest, place.client);
        });
    }

    /** Whether the peer is an alias that leads to this lane. */
    boolean isAliasOf(RemoteEndpoint peer, int lane) {
        Place place = places.get(peer);
        return place != null && place.client != null && place.lanes == bit(lane);
    }

    /** The first lane other than this one that has a connection for the peer; -1 for none. */
    int otherLane(RemoteEndpoint peer, int lane) {
        Place place = places.get(peer);
        long others = place == null ? 0 : place.lanes & ~bit(lane);
        return others == 0 ? -1 : Long.numberOfTrailingZeros(others);
    }
}
