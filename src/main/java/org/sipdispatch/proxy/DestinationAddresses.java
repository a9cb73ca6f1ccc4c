package org.sipdispatch.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.sipdispatch.routing.KnownSets;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sets.TargetAddresses;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.SocketAddresses;

/**
 * The IP addresses of all destinations, regardless of their state. They identify requests of dialogs that this node
 * does not remember, senders that are members of a set, and blacklisted hops. Host names are resolved in the
 * background, a few per tick, because no request waits for the result. Not thread-safe.
 */
final class DestinationAddresses implements KnownSets {
    private static final int NAMES_PER_TICK = 4;
    /** How often all names are resolved. The resolver caches its results for {@code transport.dns-ttl}. */
    private static final long RESOLVE_INTERVAL_MS = 10_000;

    /** A target, by its key, and the port at which one of its addresses was found. */
    private record FoundTarget(String key, int port) {}

    private final SetSelector sets;
    private final HostResolver resolver;
    private DestinationIndex current = DestinationIndex.EMPTY;
    /** The last answer for each target, by its key. */
    private final Map<String, List<InetSocketAddress>> answers = new HashMap<>();

    /** The keys of the targets that this round has not resolved yet. */
    private final Deque<String> unresolved = new ArrayDeque<>();

    private long targetChanges;
    private long nextResolveMs = Long.MIN_VALUE;
    /** The targets that resolve to each address, from the current round and from the previous one. */
    private Map<InetAddress, Set<FoundTarget>> found = new HashMap<>();

    private Map<InetAddress, Set<FoundTarget>> previouslyFound = Map.of();

    DestinationAddresses(SetSelector sets, HostResolver resolver) {
        this.sets = sets;
        this.resolver = resolver;
    }

    /** Whether no names wait for {@link #tick}. */
    boolean isResolved() {
        return unresolved.isEmpty();
    }

    /** Resolves the next names. */
    void tick(long nowMs) {
        refresh();
        boolean isDue = nowMs >= nextResolveMs || targetChanges != sets.targetChanges();
        if (unresolved.isEmpty() && isDue) {
            targetChanges = sets.targetChanges();
            nextResolveMs = nowMs + RESOLVE_INTERVAL_MS;
            unresolved.addAll(current.targetKeys());
            previouslyFound = found;
            found = new HashMap<>();
        }
        for (int i = 0; i < NAMES_PER_TICK && !unresolved.isEmpty(); i++) {
            resolve(unresolved.remove(), nowMs);
        }
    }

    private void resolve(String key, long nowMs) {
        DestinationIndex.NamedTarget target = current.target(key);
        if (target == null) {
            return;
        }
        for (Destination member : target.members()) {
            TargetAddresses known = sets.targets(member);
            if (known != null) {
                resolved(key, known.all());
                return;
            }
        }
        resolver.resolve(target.uri(), nowMs, IpVersionPreference.ANY, addresses -> resolved(key, addresses));
    }

    /** A name keeps its addresses while DNS does not answer. The sets may have changed since the question. */
    private void resolved(String key, List<InetSocketAddress> addresses) {
        if (current.target(key) == null) {
            return;
        }
        if (addresses != HostResolver.NO_ANSWER) {
            answers.put(key, addresses);
        }
        answers.getOrDefault(key, List.of())
                .forEach(address -> found.computeIfAbsent(address.getAddress(), unused -> new HashSet<>())
                        .add(new FoundTarget(key, address.getPort())));
    }

    private void refresh() {
        DestinationIndex now = sets.destinations();
        if (now == current) {
            return;
        }
        DestinationIndex before = current;
        current = now;
        answers.keySet().retainAll(now.targetKeys());
        // The other names keep their turn: sets may change more often than all names can be resolved.
        now.targetKeys().stream().filter(key -> before.target(key) == null).forEach(unresolved::addFirst);
    }

    private static List<Destination> both(List<Destination> some, List<Destination> others) {
        List<Destination> both = new ArrayList<>(some);
        both.addAll(others);
        return both;
    }

    @Override
    public SetView view(SetId set) {
        return sets.view(set);
    }

    @Override
    public List<Destination> membersAt(InetAddress address) {
        refresh();
        List<Destination> members = current.at(address);
        for (DestinationIndex.NamedTarget target : targetsAt(address)) {
            members = both(members, target.members());
        }
        return members;
    }

    private Collection<DestinationIndex.NamedTarget> targetsAt(InetAddress address) {
        if (current.targets().isEmpty()) {
            return List.of();
        }
        Map<String, DestinationIndex.NamedTarget> at = new HashMap<>();
        for (Map<InetAddress, Set<FoundTarget>> round : List.of(found, previouslyFound)) {
            for (FoundTarget one : round.getOrDefault(address, Set.of())) {
                DestinationIndex.NamedTarget target = current.target(one.key);
                if (target != null) {
                    at.put(one.key, target);
                }
            }
        }
        return at.values();
    }

    /** The members of all sets whose URI has this host name, port and transport, in any state. */
    List<Destination> membersNamed(SipUri uri) {
        refresh();
        DestinationIndex.NamedTarget target = current.target(DestinationIndex.key(uri));
        return target == null ? List.of() : target.members();
    }

    @Override
    public boolean isAt(Destination member, InetSocketAddress address) {
        SipUri uri = member.trafficUri();
        InetSocketAddress literal = SocketAddresses.literal(uri);
        if (literal != null) {
            return literal.equals(address);
        }
        FoundTarget wanted = new FoundTarget(DestinationIndex.key(uri), address.getPort());
        return found.getOrDefault(address.getAddress(), Set.of()).contains(wanted)
                || previouslyFound.getOrDefault(address.getAddress(), Set.of()).contains(wanted);
    }

    /** The URI of a destination's traffic, over the transport that DNS has chosen for its targets. */
    SipUri trafficUri(Destination member) {
        TargetAddresses known = sets.targets(member);
        return known == null ? member.trafficUri() : member.trafficUri(known.transport());
    }

    /** The addresses of the host name of a destination's URI, as far as they are known. */
    List<InetSocketAddress> addressesOf(SipUri uri) {
        refresh();
        return answers.getOrDefault(DestinationIndex.key(uri), List.of());
    }

    /** Whether any destination has this address. */
    boolean has(InetAddress address) {
        refresh();
        return !current.at(address).isEmpty() || found.containsKey(address) || previouslyFound.containsKey(address);
    }

    /** Whether any destination has the host of this URI. Names that belong to no destination are not resolved. */
    boolean has(SipUri uri) {
        InetSocketAddress literal = SocketAddresses.literal(uri);
        if (literal != null) {
            return has(literal.getAddress());
        }
        refresh();
        return uri.isSip() && current.hasName(uri);
    }

    /** Whether the host name of a destination's URI resolves to this address. */
    boolean isOf(SipUri uri, InetAddress address) {
        String key = DestinationIndex.key(uri);
        return isFound(key, found.get(address)) || isFound(key, previouslyFound.get(address));
    }

    private static boolean isFound(String key, Set<FoundTarget> there) {
        return there != null && there.stream().anyMatch(one -> one.key.equals(key));
    }

    /** Whether any destination has an address of this kind. */
    boolean anyIs(Predicate<InetAddress> kind) {
        refresh();
        return current.literals().stream().anyMatch(kind)
                || found.keySet().stream().anyMatch(kind)
                || previouslyFound.keySet().stream().anyMatch(kind);
    }
}
