package org.sipdispatch.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;
import org.sipdispatch.routing.Cidr;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;

/**
 * Where a request may be sent that says itself where it goes, by its Route or by the Request-URI of its dialog. Whoever
 * takes part in a call chooses that, and must not reach through this node what only this host is meant to reach.
 */
final class DialogTargets {
    private final ListenSockets sockets;
    private final DestinationAddresses destinations;
    private final Predicate<InetSocketAddress> guarded;
    private final List<Cidr> allowed;

    /**
     * Prepares to judge.
     *
     * @param guarded whether that TCP port is one where this node is managed or meets the others
     * @param allowed empty for any
     */
    DialogTargets(
            ListenSockets sockets,
            DestinationAddresses destinations,
            Predicate<InetSocketAddress> guarded,
            List<Cidr> allowed) {
        this.sockets = sockets;
        this.destinations = destinations;
        this.guarded = guarded;
        this.allowed = allowed;
    }

    /** Why nothing may be sent there, in a few words; null if it may. */
    String refusal(NextHop hop) {
        InetAddress address = hop.remote().getAddress();
        if (hop.socket().protocol() == Protocol.TCP && guarded.test(hop.remote())) {
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

    /** Destinations need not be in the list: calls are sent there anyway. */
    private boolean isAllowed(InetAddress address) {
        for (Cidr block : allowed) {
            if (block.contains(address)) {
                return true;
            }
        }
        return allowed.isEmpty() || destinations.has(address);
    }
}
