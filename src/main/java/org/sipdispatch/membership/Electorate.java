package org.sipdispatch.membership;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The nodes of which a node needs a majority, in one membership of the cluster. They are more than the members that are
 * left: Akka's gossip drops a node as soon as any other one, or the node itself, has taken it out. Where nodes take themselves
 * out one after the other, as they do when each hears nobody, the last one would be the whole cluster by gossip alone, while the others
 * found the next cluster without it. So a node that was taken out counts until a majority has gone on without it.
 * Not thread-safe.
 */
final class Electorate {
    /**
     * A member, as gossip shows it.
     *
     * @param node its number
     * @param address where it runs
     * @param counts whether it is up or leaving
     * @param leaving whether it leaves by itself
     */
    record Member(long node, String address, boolean counts, boolean leaving) {
        String name() {
            return ClusterMember.nameOf(address, node);
        }
    }

    private final long dismissalNanos;
    private final Map<Long, Member> all = new HashMap<>();
    private final Set<Long> missing = new HashSet<>();
    private final Set<Long> dismissed = new HashSet<>();
    private long dismissedNanos;
    private long missingNanos;

    /** {@code dismissalNanos}: how soon after a decision nodes are taken out that it takes out. */
    Electorate(long dismissalNanos) {
        this.dismissalNanos = dismissalNanos;
    }

    /** Takes in who the members are now. Forgets all where this node is none of those that count. */
    void see(Collection<Member> members, long self, long nowNanos) {
        Map<Long, Member> now = new HashMap<>();
        Set<String> addresses = new HashSet<>();
        members.forEach(member -> {
            addresses.add(member.address());
            if (member.counts()) {
                now.put(member.node(), member);
            }
        });
        if (!now.containsKey(self)) {
            all.clear();
            missing.clear();
            return;
        }
        all.values()
                .removeIf(before ->
                        !now.containsKey(before.node()) && mayBeDropped(before, addresses, members, nowNanos));
        all.putAll(now);
        missing.retainAll(all.keySet());
        for (long node : all.keySet()) {
            if (!now.containsKey(node) && missing.add(node)) {
                missingNanos = nowNanos;
            }
        }
        missing.removeAll(now.keySet());
    }

    /** A node that left by itself, that others were decided to go on without, or whose process has been followed by another one. */
    private boolean mayBeDropped(Member before, Set<String> addresses, Collection<Member> members, long nowNanos) {
        boolean isReplaced = addresses.contains(before.address())
                && members.stream().noneMatch(member -> member.node() == before.node());
        boolean isDismissed = dismissed.contains(before.node()) && nowNanos - dismissedNanos < dismissalNanos;
        return before.leaving() || isReplaced || isDismissed;
    }

    /** The split brain resolver lets those go on; it takes the others out. */
    void goesOn(Set<Long> side, long nowNanos) {
        dismissed.clear();
        dismissed.addAll(all.keySet());
        dismissed.removeAll(side);
        dismissedNanos = nowNanos;
        missing.removeIf(node -> dismissed.contains(node) && all.remove(node) != null);
    }

    /**
     * A majority of all has confirmed this node, or another node that has the consent of one, by answers to questions that were
     * asked at that time.
     *
     * @param counted the nodes that count by what that one says
     */
    void agreed(Set<Long> counted, long askedNanos) {
        if (askedNanos - missingNanos > 0) {
            missing.removeIf(node -> !counted.contains(node) && all.remove(node) != null);
        }
    }

    /** All that count. */
    Set<Long> all() {
        return Set.copyOf(all.keySet());
    }

    /** The names of those that count though they are members no longer. */
    Set<String> missing() {
        Set<String> names = new HashSet<>();
        missing.forEach(node -> names.add(all.get(node).name()));
        return names;
    }

    /** Whether some of those that count are members no longer. */
    boolean hasMissing() {
        return !missing.isEmpty();
    }

    /** Since when the last of them has been missing. */
    long missingNanos() {
        return missingNanos;
    }
}
