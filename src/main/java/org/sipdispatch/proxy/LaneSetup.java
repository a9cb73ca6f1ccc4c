package org.sipdispatch.proxy;

import java.util.Set;
import org.sipdispatch.routing.RoutingSettings;
import org.sipdispatch.transaction.ListenSockets;

/**
 * The configuration of one lane.
 *
 * @param lane its number, 0 to 63
 * @param lanes the number of lanes of this node
 * @param uncheckedDomains the blocks of {@code tls.client_domains} with {@code verify_cert = off}
 * @param newRequests what to do with new requests from the first one on, until it changes
 * @param seed differs between lanes, nodes and starts, so that the requests that this lane originates are unique
 */
public record LaneSetup(
        int lane,
        int lanes,
        RelaySettings settings,
        RoutingSettings routing,
        ListenSockets sockets,
        Set<String> uncheckedDomains,
        NewRequests newRequests,
        long seed) {
    /** A lane that dispatches new requests, and checks all certificates of servers. */
    public LaneSetup(
            int lane, int lanes, RelaySettings settings, RoutingSettings routing, ListenSockets sockets, long seed) {
        this(lane, lanes, settings, routing, sockets, Set.of(), NewRequests.DISPATCHED, seed);
    }
}
