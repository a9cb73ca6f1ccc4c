package org.sipdispatch.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;
import org.sipdispatch.routing.Cidr;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.NextHop;

/**
 * Checks the targets of requests that carry their own target, in a Route or in the Request-URI of their dialog. A
 * participant of the call chooses that target and must not reach, through this node, addresses that only this host may
 * reach.
 */
final class DialogTargetCheck {
    private final ListenSockets sockets;
    private final DestinationAddresses destinations;
    private final Predicate<InetSocketAddress> protectedPort;
    private final List<Cidr> allowed;

    /**
     * Creates the check.
     *
     * @param guarded whether a TCP port is a management or cluster port of this node
     * @param allowed the allowed address blocks; empty for any address
     */
    DialogTargetCheck(
            ListenSockets sockets,
            DestinationAddresses destinations,
            Predicate<InetSocketAddress> guarded,
            List<Cidr> allowed) {
        this.sockets = sockets;
        this.destinations = destinations;
        this.protectedPort = guarded;
        this.allowed = allowed;
    }

    /** The reason why nothing may be sent to this hop; null if it is allowed. */
    String refusal(NextHop hop) {
        InetAddress address = hop.remote().getAddress();
        if (hop.socket().protocol().isReliable() && protectedPort.test(hop.remote())) {
            return "a management or cluster port of this node";
        }
        if (address.isLoopbackAddress() && !isUsed(InetAddress::isLoopbackAddress)) {
            return "a loopback address, and no listener or destination has one";
        }
        if (address.isLinkLocalAddress() && !isUsed(InetAddress::isLinkLocalAddress)) {
            return "a link-local address, and no listener or destination has one";
        }
        return isAllowed(address) ? null : "outside of relay.in-dialog-targets";
    }

    private boolean isUsed(Predicate<InetAddress> kind) {
        for (ListenSocket socket : sockets.all()) {
            if (kind.test(socket.local().getAddress())) {
                return true;
            }
        }
        return destinations.anyIs(kind);
    }

    /** Destinations are allowed even if they are not in the list: new calls are sent to them anyway. */
    private boolean isAllowed(InetAddress address) {
        for (Cidr block : allowed) {
            if (block.contains(address)) {
                return true;
            }
        }
        return allowed.isEmpty() || destinations.has(address);
    }
}
