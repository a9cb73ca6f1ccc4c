package org.sipdispatch.membership;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which nodes survive together if some miss the heartbeats of others: a set that is as large as possible, contains this
 * node, and in which no node misses another one's heartbeats. If the link between two nodes is cut, one of the two
 * survives. Akka's own strategies would down both, and every node that has observed a paused one too.
 */
final class SurvivingNodes {
    /**
     * A node misses the heartbeats of another node.
     *
     * @param observer number of the node that misses them
     * @param subject number of the node whose heartbeats are missed
     */
    record Missed(long observer, long subject) {}

    private SurvivingNodes() {}

    /**
     * The numbers of the surviving nodes.
     *
     * @param members the numbers of all nodes in the order of their addresses, including {@code self}
     */
    static Set<Long> of(List<Long> members, Collection<Missed> missed, long self) {
        Set<Long> survivors = new TreeSet<>(Comparator.comparingInt(members::indexOf));
        survivors.addAll(members);
        for (Missed one : missed) {
            if (one.observer() == self) {
                survivors.remove(one.subject());
            } else if (one.subject() == self) {
                survivors.remove(one.observer());
            }
        }
        survivors.add(self);
        reduce(survivors, missed);
        return survivors;
    }

    /** The numbers of the nodes that survive as a node sees it that misses no heartbeats. */
    static Set<Long> of(List<Long> members, Collection<Missed> missed) {
        Set<Long> survivors = new TreeSet<>(Comparator.comparingInt(members::indexOf));
        survivors.addAll(members);
        reduce(survivors, missed);
        return survivors;
    }

    private static void reduce(Set<Long> survivors, Collection<Missed> missed) {
        Set<Missed> within = new HashSet<>(missed);
        while (true) {
            within.removeIf(one -> !survivors.contains(one.observer()) || !survivors.contains(one.subject()));
            if (within.isEmpty()) {
                return;
            }
            survivors.remove(mostMissed(survivors, within));
        }
    }

    /** The node whose heartbeats most others miss; of equals the one with the highest address. */
    private static long mostMissed(Set<Long> survivors, Set<Missed> missed) {
        long found = 0;
        long most = 0;
        for (long node : survivors) {
            long observers =
                    missed.stream().filter(one -> one.subject() == node).count();
            if (observers >= most && observers > 0) {
                most = observers;
                found = node;
            }
        }
        return found;
    }
}
