package org.sipdispatch.membership;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which nodes go on together where some miss the heartbeats of others: a set in which no node misses another one's, as
 * large as can be, with this node in it. Where a link between two nodes is cut, one of the two goes on. Akka's own strategies
 * would take both out, and every node that has observed a paused one besides.
 */
final class Survivors {
    /**
     * A node misses the heartbeats of another one.
     *
     * @param observer the number of the first
     * @param subject the number of the other
     */
    record Missed(long observer, long subject) {}

    private Survivors() {}

    /**
     * The numbers of the nodes that go on.
     *
     * @param members the numbers of all nodes in the order of their addresses, {@code self} among them
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
        Set<Missed> within = new HashSet<>(missed);
        while (true) {
            within.removeIf(one -> !survivors.contains(one.observer()) || !survivors.contains(one.subject()));
            if (within.isEmpty()) {
                return survivors;
            }
            survivors.remove(mostMissed(survivors, within));
        }
    }

    /** The node that most others miss; of equals the one with the highest address. */
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
