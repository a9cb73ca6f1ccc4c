package org.sipdispatch.proxy;

import org.sipdispatch.routing.RoutingSettings;
import org.sipdispatch.transaction.ListenSockets;

/**
 * The configuration of one lane.
 *
 * @param lane its number, 0 to 63
 * @param lanes the number of lanes of this node
 * @param seed differs between lanes, nodes and starts, so that the requests that this lane originates are unique
 */
public record LaneSetup(
        int lane, int lanes, RelaySettings settings, RoutingSettings routing, ListenSockets sockets, long seed) {}
