package org.sipdispatch.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.sets.Target;
import org.sipdispatch.sets.TargetAddresses;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.SocketAddresses;
import org.sipdispatch.transaction.TransactionConnections;

/** Resolves destinations and URIs to next hops. Not thread-safe. */
final class NextHopResolver {
    /** The cache is cleared at this size. It then mostly holds destinations that have been replaced. */
    private static final int MOST_CACHED = 100_000;

    /** A destination's parsed traffic URI, and the hops to it from each socket of this node. */
    private static final class CachedTarget {
        private final SipUri uri;
        private final InetSocketAddress literal;
        private final ListenSocket forced;
        private final IpVersionPreference versions;
        private final TransactionConnections connections;
        private final Destination destination;
        private long requests;
        private final List<List<NextHop>> bySocket = new ArrayList<>();
        /** The same over the transport that DNS has chosen; null if none was. */
        private CachedTarget chosen;

        CachedTarget(Destination destination, ListenSocket forced) {
            this(destination, destination.trafficUri(), forced);
        }

        private CachedTarget(Destination destination, SipUri uri, ListenSocket forced) {
            this.destination = destination;
            this.uri = uri;
            versions = IpVersionPreference.ofAttrs(destination.attrs());
            connections = TransactionConnections.to(ExpectedTlsPeers.of(uri, destination.attrs()));
            literal = SocketAddresses.literal(uri);
            this.forced = forced;
        }

        /** {@code transport}: empty for that of the URI. */
        CachedTarget over(String transport) {
            if (transport.isEmpty()) {
                return this;
            }
            if (chosen == null || !chosen.uri.transport().equals(transport)) {
                chosen = new CachedTarget(destination, destination.trafficUri(transport), forced);
            }
            return chosen;
        }
    }

    /** Finds the socket to send to an address from; null if there is none. */
    private interface SocketChoice {
        ListenSocket toward(Protocol protocol, InetAddress remote);
    }

    private final ListenSockets sockets;
    private final HostResolver resolver;
    private final SetSelector sets;
    private final BlacklistedAddresses blacklisted;
    private final ExpectedTlsPeers peers;
    private final Map<Destination, CachedTarget> cache = new IdentityHashMap<>();
    private long uncachedRequests;

    NextHopResolver(
            ListenSockets sockets,
            HostResolver resolver,
            SetSelector sets,
            BlacklistedAddresses blacklisted,
            ExpectedTlsPeers peers) {
        this.sockets = sockets;
        this.resolver = resolver;
        this.sets = sets;
        this.blacklisted = blacklisted;
        this.peers = peers;
    }

    /**
     * Resolves a destination to its hops, best first. The result is {@link NoNextHop} if the destination has no address,
     * if no socket of this node can send to it, or if all its addresses are on one of these blacklists.
     */
    void toDestination(
            Destination destination, ListenSocket in, List<String> blacklists, Consumer<List<NextHop>> then) {
        if (blacklists.isEmpty()) {
            toDestination(destination, in, then);
        } else {
            toDestination(destination, in, hops -> then.accept(blacklisted.allowed(blacklists, hops)));
        }
    }

    private void toDestination(Destination destination, ListenSocket in, Consumer<List<NextHop>> then) {
        CachedTarget target = cache.get(destination);
        if (target == null) {
            target = addToCache(destination);
        }
        ListenSocket preferred = target.forced == null ? in : target.forced;
        if (target.literal == null) {
            toName(target, target.requests++, from(preferred), then);
        } else {
            then.accept(target.bySocket.get(preferred.index()));
        }
    }

    /** To its targets if it has any: then no name is resolved. */
    private void toName(CachedTarget target, long draw, SocketChoice choice, Consumer<List<NextHop>> then) {
        TargetAddresses targets = sets.targets(target.destination);
        if (targets == null) {
            toTarget(target.uri, null, draw, target.versions, choice, then(target.connections, then));
            return;
        }
        CachedTarget used = target.over(targets.transport());
        List<InetSocketAddress> order = resolver.order(targets, draw, target.versions);
        then(used.connections, then).accept(hops(Protocol.of(used.uri.transport()), order, choice));
    }

    /** The targets of a destination, each of which is observed by itself; null if it has none. */
    TargetAddresses targets(Destination destination) {
        return sets.targets(destination);
    }

    /** Like {@link #toDestination}, without caching, for requests that are explained. */
    void toDestinationUncached(
            Destination destination, ListenSocket in, List<String> blacklists, Consumer<List<NextHop>> then) {
        toDestinationUncached(destination, in, hops -> then.accept(blacklisted.allowed(blacklists, hops)));
    }

    /** The same without blacklists, for pings. */
    void toDestinationUncached(Destination destination, ListenSocket preferred, Consumer<List<NextHop>> then) {
        CachedTarget target = new CachedTarget(destination, forced(destination));
        // Not a sequential number: each ping of every second destination would then go to the same one of two
        // addresses.
        long draw = ++uncachedRequests * 0x9e3779b97f4a7c15L >>> 33;
        SocketChoice choice = from(target.forced == null ? preferred : target.forced);
        if (target.literal == null) {
            toName(target, draw, choice, then);
        } else {
            toTarget(target.uri, target.literal, draw, target.versions, choice, then(target.connections, then));
        }
    }

    /** The hop to the target of a destination with this name, for pings. */
    void toTarget(Destination destination, String name, ListenSocket preferred, Consumer<List<NextHop>> then) {
        CachedTarget target = new CachedTarget(destination, forced(destination)).over(Target.transport(name));
        SocketChoice choice = from(target.forced == null ? preferred : target.forced);
        toTarget(target.uri, Target.address(name), 0, target.versions, choice, then(target.connections, then));
    }

    /** This socket if it fits, else another one. */
    private SocketChoice from(ListenSocket preferred) {
        return (protocol, remote) -> sockets.toward(protocol, remote, preferred);
    }

    /** The candidates that a redirect of this rule may name. */
    List<Destination> contacts(Rule rule, List<Destination> candidates) {
        return blacklisted.allowedContacts(rule.policy().blacklists(), candidates);
    }

    private ListenSocket forced(Destination destination) {
        return destination.socket() == null ? null : sockets.serving(destination.socket());
    }

    /** Clears the cache. Call this when the sockets of other nodes have become known, because hops may change. */
    void clearCache() {
        cache.clear();
    }

    private CachedTarget addToCache(Destination destination) {
        if (cache.size() >= MOST_CACHED) {
            cache.clear();
        }
        CachedTarget target = new CachedTarget(destination, forced(destination));
        if (target.literal != null) {
            for (ListenSocket socket : sockets.all()) {
                toTarget(
                        target.uri,
                        target.literal,
                        0,
                        null,
                        from(socket),
                        then(target.connections, target.bySocket::add));
            }
        }
        cache.put(destination, target);
        return target;
    }

    /**
     * Resolves the URI of a Route or a Request-URI to its hops.
     *
     * @param transaction the transaction's key; retransmissions and CANCEL go to the same hop (RFC 3263 section 4.4)
     * @param named the socket that our Route names, to send from if it leads to the address; null for none
     * @param arrival the socket to send from otherwise, if it leads there
     */
    void toUri(SipUri uri, long transaction, ListenSocket named, ListenSocket arrival, Consumer<List<NextHop>> then) {
        InetSocketAddress literal = SocketAddresses.literal(uri);
        // The client of a proxy names an IP address; for a name, the addresses that no socket can send to are left out.
        SocketChoice choice = literal == null
                ? from(named == null ? arrival : named)
                : (protocol, remote) -> sockets.towardParty(protocol, remote, named, arrival);
        boolean isTls = uri.isSip() && Protocol.of(uri.transport()) == Protocol.TLS;
        toTarget(
                uri,
                literal,
                transaction,
                null,
                choice,
                isTls ? thenTo(remote -> TransactionConnections.to(peers.at(remote, uri)), then) : then);
    }

    /** Hops over TLS only accept the connections of their peer. */
    private static Consumer<List<NextHop>> then(TransactionConnections connections, Consumer<List<NextHop>> then) {
        return connections == TransactionConnections.NONE ? then : thenTo(remote -> connections, then);
    }

    private static Consumer<List<NextHop>> thenTo(
            Function<InetSocketAddress, TransactionConnections> connections, Consumer<List<NextHop>> then) {
        return hops -> then.accept(
                hops.isEmpty()
                        ? hops
                        : hops.stream()
                                .map(hop -> new NextHop(hop.socket(), hop.remote(), connections.apply(hop.remote())))
                                .toList());
    }

    private void toTarget(
            SipUri uri,
            InetSocketAddress literal,
            long draw,
            IpVersionPreference versions,
            SocketChoice choice,
            Consumer<List<NextHop>> then) {
        Protocol protocol = Protocol.of(uri.transport());
        if (!uri.isSip()) {
            then.accept(NoNextHop.NO_ADDRESS);
        } else if (protocol == null) {
            then.accept(NoNextHop.NO_SOCKET);
        } else if (protocol.isWebSocket()) {
            then.accept(NoNextHop.NO_FLOW);
        } else if (literal != null) {
            then.accept(hops(protocol, List.of(literal), choice));
        } else {
            resolver.resolve(uri, draw, versions, addresses -> then.accept(hops(protocol, addresses, choice)));
        }
    }

    private static List<NextHop> hops(Protocol protocol, List<InetSocketAddress> addresses, SocketChoice choice) {
        if (addresses.isEmpty()) {
            return addresses == HostResolver.NO_ANSWER ? NoNextHop.NO_DNS_ANSWER : NoNextHop.NO_ADDRESS;
        }
        if (addresses.size() == 1) {
            NextHop hop = hop(protocol, addresses.get(0), choice);
            return hop == null ? NoNextHop.NO_SOCKET : List.of(hop);
        }
        List<NextHop> hops = addresses.stream()
                .map(address -> hop(protocol, address, choice))
                .filter(hop -> hop != null)
                .toList();
        return hops.isEmpty() ? NoNextHop.NO_SOCKET : hops;
    }

    private static NextHop hop(Protocol protocol, InetSocketAddress address, SocketChoice choice) {
        ListenSocket socket = choice.toward(protocol, address.getAddress());
        return socket == null ? null : new NextHop(socket, address);
    }
}
