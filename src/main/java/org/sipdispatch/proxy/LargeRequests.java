package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;

/**
 * Requests that are larger than {@code relay.udp-mtu} go over TCP instead of UDP, and over UDP again to an address that
 * refuses TCP (RFC 3261 section 18.1.1). Not thread-safe.
 */
final class LargeRequests {
    /** How long an address that has refused TCP gets large requests over UDP at once. */
    private static final long REFUSED_MS = 60_000;

    private static final int MOST_REFUSED = 10_000;
    /**
     * What this proxy adds to a request of a dialog at most, besides its address in the Via: the rest of the Via, what
     * completes the sender's Via, and Max-Forwards. Its Record-Routes replace its Routes.
     */
    private static final int MOST_ADDED = 200;

    private final int mtu;
    private final int mostAdded;
    private final ListenSockets sockets;
    private final Predicate<InetSocketAddress> protectedPort;
    private final BlacklistedAddresses blacklisted;
    private final EventClock clock;
    private final Map<InetSocketAddress, Long> refusedUntilMs = new HashMap<>();

    /**
     * @param mtu the largest request over UDP, in bytes; 0 for any size
     * @param guarded whether a TCP port is a management or cluster port of this node
     */
    LargeRequests(
            int mtu,
            ListenSockets sockets,
            Predicate<InetSocketAddress> guarded,
            BlacklistedAddresses blacklisted,
            EventClock clock) {
        this.mtu = mtu == 0 ? Integer.MAX_VALUE : mtu;
        this.sockets = sockets;
        mostAdded = MOST_ADDED
                + sockets.all().stream()
                        .mapToInt(socket -> socket.viaStart().length)
                        .max()
                        .orElse(0);
        this.protectedPort = guarded;
        this.blacklisted = blacklisted;
        this.clock = clock;
    }

    /** Whether there is a limit. */
    boolean isOn() {
        return mtu < Integer.MAX_VALUE;
    }

    /** Whether a request of a dialog may become larger than the limit when it is forwarded. */
    boolean mayBeLarge(SipRequest request) {
        return request.end() - request.start() > mtu - mostAdded;
    }

    /**
     * The hop to which a request of this size goes in place of a UDP hop; the same hop if it may use UDP, or if the TCP
     * address is on one of these blacklists.
     */
    NextHop hop(NextHop hop, int bytes, List<String> blacklists) {
        if (bytes <= mtu || hop.socket().protocol() != Protocol.UDP) {
            return hop;
        }
        Long until = refusedUntilMs.get(hop.remote());
        boolean refused = until != null && clock.nowMs() < until;
        ListenSocket socket = refused || protectedPort.test(hop.remote()) ? null : socket(Protocol.TCP, hop);
        NextHop large = socket == null ? hop : new NextHop(socket, hop.remote());
        return blacklisted.isOn(blacklists, large) ? hop : large;
    }

    /**
     * The hop over UDP for a request that another node has sent over TCP because of its size; null if there is none, or
     * no limit.
     */
    NextHop udp(NextHop tcp) {
        ListenSocket socket = isOn() && tcp.socket().protocol() == Protocol.TCP ? socket(Protocol.UDP, tcp) : null;
        return socket == null ? null : new NextHop(socket, tcp.remote());
    }

    /** Preferably the socket at the same address, whose peers reach this node there. */
    private ListenSocket socket(Protocol protocol, NextHop hop) {
        for (ListenSocket socket : sockets.all()) {
            if (socket.protocol() == protocol
                    && socket.local().getAddress().equals(hop.socket().local().getAddress())) {
                return socket;
            }
        }
        return sockets.toward(protocol, hop.remote().getAddress(), null);
    }

    /** The address has refused TCP, or cannot be reached by it. */
    void refused(InetSocketAddress remote) {
        if (!isOn()) {
            return;
        }
        if (refusedUntilMs.size() >= MOST_REFUSED) {
            refusedUntilMs.clear();
        }
        refusedUntilMs.put(remote, clock.nowMs() + REFUSED_MS);
    }
}
