package org.sipdispatch.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.SocketAddresses;

/**
 * The IP addresses of all destinations, regardless of their state and port. They identify requests of dialogs that this
 * node does not remember. Host names are resolved in the background, a few per tick, because no request waits for the
 * result. Not thread-safe.
 */
final class DestinationAddresses {
    private static final int NAMES_PER_TICK = 4;
    /** How often all names are resolved. The resolver caches its results for {@code transport.dns-ttl}. */
    private static final long ROUND_MS = 10_000;

    private final SetSelector sets;
    private final Resolver resolver;
    private List<Destination> read = List.of();
    private final Set<InetAddress> literals = new HashSet<>();
    /** One URI for each host name to resolve. */
    private final Map<String, SipUri> names = new HashMap<>();

    private List<SipUri> round = List.of();
    private int place;
    private long nextRoundMs = Long.MIN_VALUE;
    /** The names that resolve to each address, from the current round and from the previous one. */
    private Map<InetAddress, Set<String>> found = new HashMap<>();

    private Map<InetAddress, Set<String>> foundBefore = Map.of();

    DestinationAddresses(SetSelector sets, Resolver resolver) {
        this.sets = sets;
        this.resolver = resolver;
    }

    /** Resolves the next names. */
    void tick(long nowMs) {
        follow();
        if (place == round.size() && nowMs >= nextRoundMs) {
            nextRoundMs = nowMs + ROUND_MS;
            round = List.copyOf(names.values());
            place = 0;
            foundBefore = found;
            found = new HashMap<>();
        }
        for (int i = 0; i < NAMES_PER_TICK && place < round.size(); i++) {
            SipUri uri = round.get(place++);
            resolver.resolve(uri, nowMs, addresses -> found(name(uri), addresses));
        }
    }

    private void found(String name, List<InetSocketAddress> addresses) {
        addresses.forEach(address -> found.computeIfAbsent(address.getAddress(), unused -> new HashSet<>())
                .add(name));
    }

    private void follow() {
        List<Destination> now = sets.destinations();
        if (now == read) {
            return;
        }
        read = now;
        literals.clear();
        names.clear();
        for (Destination destination : now) {
            SipUri uri = destination.trafficUri();
            InetSocketAddress literal = SocketAddresses.literal(uri);
            if (literal != null) {
                literals.add(literal.getAddress());
            } else {
                names.putIfAbsent(name(uri), uri);
            }
        }
        round = new ArrayList<>(names.values());
        place = 0;
    }

    private static String name(SipUri uri) {
        return uri.host().toLowerCase(Locale.ROOT);
    }

    /** Whether any destination has this address. */
    boolean has(InetAddress address) {
        follow();
        return literals.contains(address) || found.containsKey(address) || foundBefore.containsKey(address);
    }

    /** Whether any destination has the host of this URI. Names that belong to no destination are not resolved. */
    boolean has(SipUri uri) {
        InetSocketAddress literal = SocketAddresses.literal(uri);
        if (literal != null) {
            return has(literal.getAddress());
        }
        follow();
        return uri.isSip() && names.containsKey(name(uri));
    }

    /** Whether the host name of a destination's URI resolves to this address. */
    boolean isOf(SipUri uri, InetAddress address) {
        String name = name(uri);
        return found.getOrDefault(address, Set.of()).contains(name)
                || foundBefore.getOrDefault(address, Set.of()).contains(name);
    }

    /** Whether any destination has an address of this kind. */
    boolean anyIs(Predicate<InetAddress> kind) {
        follow();
        return literals.stream().anyMatch(kind)
                || found.keySet().stream().anyMatch(kind)
                || foundBefore.keySet().stream().anyMatch(kind);
    }
}
