package org.sipdispatch.membership;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The nodes among which a node needs a majority, in one session. They can be more than the current members: Akka's
 * gossip drops a node as soon as any other node, or the node itself, has downed it. If nodes down themselves one after
 * the other, as they do when each is isolated, the last one would by gossip alone be the whole cluster, while the
 * others form the next cluster without it. So a downed node counts until a majority has continued without it. Not
 * thread-safe.
 */
final class VotingMembers {
    /**
     * A member according to gossip.
     *
     * @param node the member's number
     * @param address its {@code host:port}
     * @param counts whether it is up or leaving
     * @param leaving whether it is leaving the cluster gracefully
     */
    record GossipMember(long node, String address, boolean counts, boolean leaving) {
        String name() {
            return ClusterMember.nameOf(address, node);
        }
    }

    private final long dismissalNanos;
    private final Map<Long, GossipMember> all = new HashMap<>();
    private final Set<Long> missing = new HashSet<>();
    private final Set<Long> dismissed = new HashSet<>();
    private long dismissedNanos;
    private long missingNanos;

    /**
     * {@code dismissalNanos}: nodes excluded by a downing decision are dropped only if they leave the membership within
     * this time after it.
     */
    VotingMembers(long dismissalNanos) {
        this.dismissalNanos = dismissalNanos;
    }

    /** Updates the current members. Clears everything if this node is not up or leaving. */
    void update(Collection<GossipMember> members, long self, long nowNanos) {
        Map<Long, GossipMember> now = new HashMap<>();
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

    /**
     * Whether the node may be dropped: it left gracefully, a downing decision excluded it, or its address has a new
     * process.
     */
    private boolean mayBeDropped(
            GossipMember before, Set<String> addresses, Collection<GossipMember> members, long nowNanos) {
        boolean isReplaced = addresses.contains(before.address())
                && members.stream().noneMatch(member -> member.node() == before.node());
        boolean isDismissed = dismissed.contains(before.node()) && nowNanos - dismissedNanos < dismissalNanos;
        return before.leaving() || isReplaced || isDismissed;
    }

    /** The split brain resolver decided that these nodes survive; it downs the others. */
    void survivorsDecided(Set<Long> side, long nowNanos) {
        dismissed.clear();
        dismissed.addAll(all.keySet());
        dismissed.removeAll(side);
        dismissedNanos = nowNanos;
        missing.removeIf(node -> dismissed.contains(node) && all.remove(node) != null);
    }

    /**
     * This node, or another node that has a majority's confirmation, was confirmed by answers to questions sent at the
     * given time.
     *
     * @param counted the electorate of the confirmed node
     */
    void majorityConfirmed(Set<Long> counted, long askedNanos) {
        if (askedNanos - missingNanos > 0) {
            missing.removeIf(node -> !counted.contains(node) && all.remove(node) != null);
        }
    }

    Set<Long> all() {
        return Set.copyOf(all.keySet());
    }

    /** The names of the nodes that count although they are no longer members. */
    Set<String> missing() {
        Set<String> names = new HashSet<>();
        missing.forEach(node -> names.add(all.get(node).name()));
        return names;
    }

    /** Whether some nodes count although they are no longer members. */
    boolean hasMissing() {
        return !missing.isEmpty();
    }

    /** When the last of them became missing, in nanoseconds. */
    long missingNanos() {
        return missingNanos;
    }
}
