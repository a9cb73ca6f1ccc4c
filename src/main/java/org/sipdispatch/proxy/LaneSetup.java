package org.sipdispatch.proxy;

import org.sipdispatch.routing.RoutingSettings;
import org.sipdispatch.transaction.ListenSockets;

/**
 * What a lane is told when it starts.
 *
 * @param lane its number, 0 to 63
 * @param lanes how many there are
 * @param seed differs from lane to lane, node to node and start to start: what this lane sends for itself is told
 *     apart by it
 */
public record LaneSetup(
        int lane, int lanes, RelaySettings settings, RoutingSettings routing, ListenSockets sockets, long seed) {}
