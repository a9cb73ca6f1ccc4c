package org.sipdispatch.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.sip.SipUri;

/** Finds the hops to destinations and URIs. Not thread-safe. */
final class Hops {
    /** More destinations than this have been replaced meanwhile; the cache starts anew. */
    private static final int MOST_CACHED = 100_000;

    /** A destination's traffic URI, taken apart once, and the hops to it from each of our sockets. */
    private static final class Known {
        private final SipUri uri;
        private final InetSocketAddress literal;
        private final ListenSocket forced;
        private long requests;
        private final List<List<Hop>> bySocket = new ArrayList<>();

        Known(SipUri uri, ListenSocket forced) {
            this.uri = uri;
            this.literal = literal(uri);
            this.forced = forced;
        }
    }

    private final ListenSockets sockets;
    private final Resolver resolver;
    private final Map<Destination, Known> known = new IdentityHashMap<>();
    private long others;

    Hops(ListenSockets sockets, Resolver resolver) {
        this.sockets = sockets;
        this.resolver = resolver;
    }

    /** The hops to a destination, best first; {@link NoHop} if it has no address or this node no socket for it. */
    void toDestination(Destination destination, ListenSocket in, Consumer<List<Hop>> then) {
        Known target = known.get(destination);
        if (target == null) {
            target = learn(destination);
        }
        ListenSocket preferred = target.forced == null ? in : target.forced;
        if (target.literal == null) {
            toTarget(target.uri, null, target.requests++, preferred, then);
        } else {
            then.accept(target.bySocket.get(preferred.index()));
        }
    }

    /** The same for a destination that is asked for now and then: nothing is kept of it. */
    void toDestinationOnce(Destination destination, ListenSocket preferred, Consumer<List<Hop>> then) {
        SipUri uri = destination.trafficUri();
        ListenSocket forced = forced(destination);
        // No number in a row: else each ping of every second destination would go to the same one of two addresses.
        long draw = ++others * 0x9e3779b97f4a7c15L >>> 33;
        toTarget(uri, literal(uri), draw, forced == null ? preferred : forced, then);
    }

    private ListenSocket forced(Destination destination) {
        return destination.socket() == null ? null : sockets.serving(destination.socket());
    }

    /** To be called when other nodes' sockets became known: hops that were found before may be others now. */
    void forget() {
        known.clear();
    }

    private Known learn(Destination destination) {
        if (known.size() >= MOST_CACHED) {
            known.clear();
        }
        Known target = new Known(destination.trafficUri(), forced(destination));
        if (target.literal != null) {
            for (ListenSocket socket : sockets.all()) {
                toTarget(target.uri, target.literal, 0, socket, target.bySocket::add);
            }
        }
        known.put(destination, target);
        return target;
    }

    /**
     * The hops to a URI of a Route or Request-URI.
     *
     * @param transaction its key: what repeats or cancels a request goes where that went (RFC 3263 section 4.4)
     * @param preferred the socket to send from if it fits
     */
    void toUri(SipUri uri, long transaction, ListenSocket preferred, Consumer<List<Hop>> then) {
        toTarget(uri, literal(uri), transaction, preferred, then);
    }

    private void toTarget(
            SipUri uri, InetSocketAddress literal, long draw, ListenSocket preferred, Consumer<List<Hop>> then) {
        Protocol protocol = Protocol.of(uri.transport());
        if (!uri.isSip()) {
            then.accept(NoHop.NO_ADDRESS);
        } else if (protocol == null) {
            then.accept(NoHop.NO_SOCKET);
        } else if (literal != null) {
            then.accept(hops(protocol, List.of(literal), preferred));
        } else {
            resolver.resolve(uri, draw, addresses -> then.accept(hops(protocol, addresses, preferred)));
        }
    }

    private List<Hop> hops(Protocol protocol, List<InetSocketAddress> addresses, ListenSocket preferred) {
        if (addresses.isEmpty()) {
            return addresses == Resolver.NO_ANSWER ? NoHop.NO_DNS_ANSWER : NoHop.NO_ADDRESS;
        }
        if (addresses.size() == 1) {
            Hop hop = hop(protocol, addresses.get(0), preferred);
            return hop == null ? NoHop.NO_SOCKET : List.of(hop);
        }
        List<Hop> hops = addresses.stream()
                .map(address -> hop(protocol, address, preferred))
                .filter(hop -> hop != null)
                .toList();
        return hops.isEmpty() ? NoHop.NO_SOCKET : hops;
    }

    private Hop hop(Protocol protocol, InetSocketAddress address, ListenSocket preferred) {
        ListenSocket socket = sockets.toward(protocol, address.getAddress(), preferred);
        return socket == null ? null : new Hop(socket, address);
    }

    /** The address of a URI whose host is an IP address; null if it is a name. */
    static InetSocketAddress literal(SipUri uri) {
        int port = uri.port() == SipUri.NO_PORT ? uri.defaultPort() : uri.port();
        byte[] maddr = null;
        String parameter = uri.parameterText("maddr");
        if (parameter != null) {
            maddr = IpLiteral.parse(parameter);
        }
        byte[] address = maddr == null ? IpLiteral.parse(uri.bytes(), uri.hostStart(), uri.hostEnd()) : maddr;
        return address == null ? null : new InetSocketAddress(address(address), port);
    }

    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(bytes.length + " bytes are no address", e);
        }
    }
}
