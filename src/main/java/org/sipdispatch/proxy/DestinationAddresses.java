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
 * The IP addresses of all destinations, whatever their state and port: a dialog of which nothing is remembered is known
 * for one of ours by them. Names are looked up some at each tick, since no request waits for that. One thread only.
 */
final class DestinationAddresses {
    private static final int NAMES_PER_TICK = 4;
    /** How often all names are looked up; the resolver keeps what it finds for {@code transport.dns-ttl}. */
    private static final long ROUND_MS = 10_000;

    private final SetSelector sets;
    private final Resolver resolver;
    private List<Destination> read = List.of();
    private final Set<InetAddress> literals = new HashSet<>();
    /** One URI for each name that has to be looked up. */
    private final Map<String, SipUri> names = new HashMap<>();

    private List<SipUri> round = List.of();
    private int place;
    private long nextRoundMs = Long.MIN_VALUE;
    /** Which names have an address, as this round and the one before found it. */
    private Map<InetAddress, Set<String>> found = new HashMap<>();

    private Map<InetAddress, Set<String>> foundBefore = Map.of();

    DestinationAddresses(SetSelector sets, Resolver resolver) {
        this.sets = sets;
        this.resolver = resolver;
    }

    /** Looks the next names up. */
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

    /** Whether a destination has that address. */
    boolean has(InetAddress address) {
        follow();
        return literals.contains(address) || found.containsKey(address) || foundBefore.containsKey(address);
    }

    /** Whether a destination has the address or the name in that URI. Names of strangers are not looked up. */
    boolean has(SipUri uri) {
        InetSocketAddress literal = SocketAddresses.literal(uri);
        if (literal != null) {
            return has(literal.getAddress());
        }
        follow();
        return uri.isSip() && names.containsKey(name(uri));
    }

    /** Whether the name in a destination's URI has that address. */
    boolean isOf(SipUri uri, InetAddress address) {
        String name = name(uri);
        return found.getOrDefault(address, Set.of()).contains(name)
                || foundBefore.getOrDefault(address, Set.of()).contains(name);
    }

    /** Whether any destination has an address of that kind. */
    boolean anyIs(Predicate<InetAddress> kind) {
        follow();
        return literals.stream().anyMatch(kind)
                || found.keySet().stream().anyMatch(kind)
                || foundBefore.keySet().stream().anyMatch(kind);
    }
}
