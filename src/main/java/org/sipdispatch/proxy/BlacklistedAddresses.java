package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.sipdispatch.routing.Blacklist;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.SocketAddresses;

/**
 * The addresses on each blacklist: IP address, port and protocol of all destinations of its sets, regardless of their
 * state. Host names are resolved in the background, a few per tick, because no request waits for the result. Not
 * thread-safe.
 */
final class BlacklistedAddresses {
    private static final int NAMES_PER_TICK = 4;
    /** How often all names are resolved. The resolver caches its results for {@code transport.dns-ttl}. */
    private static final long RESOLVE_INTERVAL_MS = 10_000;

    private record Endpoint(InetSocketAddress address, Protocol protocol) {}

    /** A destination's host name, and its addresses as they were resolved last. */
    private static final class NamedHost {
        private final SipUri uri;
        private List<InetSocketAddress> addresses = List.of();

        NamedHost(SipUri uri) {
            this.uri = uri;
        }

        boolean has(Endpoint endpoint) {
            return addresses.contains(endpoint.address) && Protocol.of(uri.transport()) == endpoint.protocol;
        }
    }

    /** The addresses on one blacklist. */
    private static final class Entries {
        private final Set<Endpoint> literals = new HashSet<>();
        private final List<NamedHost> names = new ArrayList<>();

        boolean has(Endpoint endpoint) {
            return literals.contains(endpoint) || names.stream().anyMatch(name -> name.has(endpoint));
        }
    }

    private final Collection<Blacklist> blacklists;
    private final SetSelector sets;
    private final HostResolver resolver;
    private List<Destination> current = List.of();
    private final Map<String, Entries> entries = new HashMap<>();
    /** By host, port and protocol. */
    private Map<String, NamedHost> names = new HashMap<>();

    private List<NamedHost> namesToResolve = List.of();
    private int nextName;
    private long nextResolveMs = Long.MIN_VALUE;

    BlacklistedAddresses(Collection<Blacklist> blacklists, SetSelector sets, HostResolver resolver) {
        this.blacklists = blacklists;
        this.sets = sets;
        this.resolver = resolver;
    }

    /** Resolves the next names. */
    void tick(long nowMs) {
        if (blacklists.isEmpty()) {
            return;
        }
        refresh();
        if (nextName == namesToResolve.size() && nowMs >= nextResolveMs) {
            nextResolveMs = nowMs + RESOLVE_INTERVAL_MS;
            namesToResolve = List.copyOf(names.values());
            nextName = 0;
        }
        for (int i = 0; i < NAMES_PER_TICK && nextName < namesToResolve.size(); i++) {
            NamedHost host = namesToResolve.get(nextName++);
            resolver.resolve(host.uri, nowMs, addresses -> {
                if (!addresses.isEmpty()) {
                    host.addresses = addresses;
                }
            });
        }
    }

    private void refresh() {
        List<Destination> now = sets.destinations();
        if (now == current) {
            return;
        }
        current = now;
        entries.clear();
        Map<String, NamedHost> known = names;
        names = new HashMap<>();
        for (Blacklist blacklist : blacklists) {
            Entries added = entries.computeIfAbsent(blacklist.name(), unused -> new Entries());
            Set<SetId> listed = Set.copyOf(blacklist.sets());
            now.stream()
                    .filter(destination -> listed.contains(destination.setId()))
                    .forEach(destination -> add(destination.trafficUri(), added, known));
        }
        namesToResolve = List.copyOf(names.values());
        nextName = 0;
    }

    private void add(SipUri uri, Entries added, Map<String, NamedHost> known) {
        InetSocketAddress literal = SocketAddresses.literal(uri);
        if (literal != null) {
            added.literals.add(new Endpoint(literal, Protocol.of(uri.transport())));
        } else {
            String name = name(uri);
            added.names.add(names.computeIfAbsent(name, unused -> known.getOrDefault(name, new NamedHost(uri))));
        }
    }

    private static String name(SipUri uri) {
        return uri.host().toLowerCase(Locale.ROOT) + ":" + uri.port() + ";" + uri.transport();
    }

    /** The hops that are on none of these blacklists; {@link NoNextHop#BLACKLISTED} if all are. */
    List<NextHop> allowed(List<String> lists, List<NextHop> hops) {
        if (lists.isEmpty()
                || hops.stream()
                        .noneMatch(hop -> isOn(lists, hop.remote(), hop.socket().protocol()))) {
            return hops;
        }
        List<NextHop> allowed = hops.stream()
                .filter(hop -> !isOn(lists, hop.remote(), hop.socket().protocol()))
                .toList();
        return allowed.isEmpty() ? NoNextHop.BLACKLISTED : allowed;
    }

    private boolean isOn(List<String> lists, InetSocketAddress address, Protocol protocol) {
        refresh();
        Endpoint endpoint = new Endpoint(address, protocol);
        return lists.stream()
                .anyMatch(list -> entries.containsKey(list) && entries.get(list).has(endpoint));
    }

    /** The candidates whose address is on none of these blacklists, as far as no name has to be resolved. */
    List<Destination> allowedContacts(List<String> lists, List<Destination> candidates) {
        return lists.isEmpty()
                ? candidates
                : candidates.stream()
                        .filter(candidate -> !isOn(lists, candidate.trafficUri()))
                        .toList();
    }

    private boolean isOn(List<String> lists, SipUri uri) {
        InetSocketAddress literal = SocketAddresses.literal(uri);
        if (literal != null) {
            return isOn(lists, literal, Protocol.of(uri.transport()));
        }
        refresh();
        NamedHost host = names.get(name(uri));
        return lists.stream()
                .anyMatch(list ->
                        entries.containsKey(list) && entries.get(list).names.contains(host));
    }
}
