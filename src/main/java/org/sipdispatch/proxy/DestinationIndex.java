package org.sipdispatch.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.SocketAddresses;

/**
 * All destinations by the hosts of their URIs. Immutable: it is built once for all lanes, because the URIs of thousands
 * of destinations would hold up a lane for too long.
 */
public final class DestinationIndex {
    /** The index of no destinations. */
    public static final DestinationIndex EMPTY = ofDestinations(List.of());

    /**
     * A host name with what else determines its addresses.
     *
     * @param members the destinations that have it
     */
    record NamedTarget(String key, SipUri uri, List<Destination> members) {}

    private final Map<InetAddress, List<Destination>> literals = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, NamedTarget> targets = new HashMap<>();
    private final List<NamedTarget> allTargets;

    private DestinationIndex(Collection<Destination> all) {
        for (Destination destination : all) {
            SipUri uri = destination.trafficUri();
            InetSocketAddress literal = SocketAddresses.literal(uri);
            if (literal != null) {
                literals.computeIfAbsent(literal.getAddress(), unused -> new ArrayList<>(1))
                        .add(destination);
            } else {
                names.add(name(uri));
                targets.computeIfAbsent(key(uri), key -> new NamedTarget(key, uri, new ArrayList<>(1)))
                        .members()
                        .add(destination);
            }
        }
        allTargets = List.copyOf(targets.values());
    }

    /** The index of the members of these sets. */
    public static DestinationIndex of(Collection<SetView> views) {
        List<Destination> all = new ArrayList<>();
        for (SetView view : views) {
            for (int i = 0; i < view.size(); i++) {
                all.add(view.member(i));
            }
        }
        return ofDestinations(all);
    }

    /** The index of these destinations. */
    public static DestinationIndex ofDestinations(Collection<Destination> all) {
        return new DestinationIndex(all);
    }

    private static String name(SipUri uri) {
        return uri.host().toLowerCase(Locale.ROOT);
    }

    /** Port and transport determine which records are looked up (RFC 3263 section 4). */
    static String key(SipUri uri) {
        return name(uri) + " " + uri.port() + " " + uri.transport();
    }

    /** The destinations whose URIs have this address as their host. */
    List<Destination> at(InetAddress literal) {
        return literals.getOrDefault(literal, List.of());
    }

    /** The addresses that are hosts of URIs. */
    Set<InetAddress> literals() {
        return literals.keySet();
    }

    boolean hasName(SipUri uri) {
        return names.contains(name(uri));
    }

    /** Null if there is none. */
    NamedTarget target(String key) {
        return targets.get(key);
    }

    Set<String> targetKeys() {
        return targets.keySet();
    }

    List<NamedTarget> targets() {
        return allTargets;
    }
}
