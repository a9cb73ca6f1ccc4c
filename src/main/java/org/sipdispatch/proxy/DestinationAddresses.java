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
    private static final long RESOLVE_INTERVAL_MS = 10_000;

    private final SetSelector sets;
    private final HostResolver resolver;
    private List<Destination> current = List.of();
    private final Set<InetAddress> literals = new HashSet<>();
    /** One URI for each host name to resolve. */
    private final Map<String, SipUri> names = new HashMap<>();

    private List<SipUri> namesToResolve = List.of();
    private int nextName;
    private long nextResolveMs = Long.MIN_VALUE;
    /** The names that resolve to each address, from the current round and from the previous one. */
    private Map<InetAddress, Set<String>> found = new HashMap<>();

    private Map<InetAddress, Set<String>> previouslyFound = Map.of();

    DestinationAddresses(SetSelector sets, HostResolver resolver) {
        this.sets = sets;
        this.resolver = resolver;
    }

    /** Resolves the next names. */
    void tick(long nowMs) {
        refresh();
        if (nextName == namesToResolve.size() && nowMs >= nextResolveMs) {
            nextResolveMs = nowMs + RESOLVE_INTERVAL_MS;
            namesToResolve = List.copyOf(names.values());
            nextName = 0;
            previouslyFound = found;
            found = new HashMap<>();
        }
        for (int i = 0; i < NAMES_PER_TICK && nextName < namesToResolve.size(); i++) {
            SipUri uri = namesToResolve.get(nextName++);
            resolver.resolve(uri, nowMs, addresses -> found(name(uri), addresses));
        }
    }

    private void found(String name, List<InetSocketAddress> addresses) {
        addresses.forEach(address -> found.computeIfAbsent(address.getAddress(), unused -> new HashSet<>())
                .add(name));
    }

    private void refresh() {
        List<Destination> now = sets.destinations();
        if (now == current) {
            return;
        }
        current = now;
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
        namesToResolve = new ArrayList<>(names.values());
        nextName = 0;
    }

    private static String name(SipUri uri) {
        return uri.host().toLowerCase(Locale.ROOT);
    }

    /** Whether any destination has this address. */
    boolean has(InetAddress address) {
        refresh();
        return literals.contains(address) || found.containsKey(address) || previouslyFound.containsKey(address);
    }

    /** Whether any destination has the host of this URI. Names that belong to no destination are not resolved. */
    boolean has(SipUri uri) {
        InetSocketAddress literal = SocketAddresses.literal(uri);
        if (literal != null) {
            return has(literal.getAddress());
        }
        refresh();
        return uri.isSip() && names.containsKey(name(uri));
    }

    /** Whether the host name of a destination's URI resolves to this address. */
    boolean isOf(SipUri uri, InetAddress address) {
        String name = name(uri);
        return found.getOrDefault(address, Set.of()).contains(name)
                || previouslyFound.getOrDefault(address, Set.of()).contains(name);
    }

    /** Whether any destination has an address of this kind. */
    boolean anyIs(Predicate<InetAddress> kind) {
        refresh();
        return literals.stream().anyMatch(kind)
                || found.keySet().stream().anyMatch(kind)
                || previouslyFound.keySet().stream().anyMatch(kind);
    }
}
