package org.sipdispatch.membership;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Whether one side of a network partition survives, as this side sees it. Pure.
 *
 * @param all the names of all nodes, sorted
 * @param thisSide the names of the nodes on this side, sorted
 */
record MajorityRule(List<String> all, List<String> thisSide) {
    /** The arbiter's {@link Arbiter#decide}. */
    interface TieBreaker {
        Arbiter.ClaimResult decide(String epoch, String side);
    }

    /**
     * The partition as a node sees it.
     *
     * @param members the names of all nodes that are not removed yet; a node that was only downed may not know it and
     *     must be counted
     * @param reachable the nodes that have answered lately, to this node or to a node that answers it
     */
    static MajorityRule of(Collection<String> members, Set<String> reachable) {
        List<String> all = members.stream().sorted().toList();
        return new MajorityRule(all, all.stream().filter(reachable::contains).toList());
    }

    /** Whether this side survives: the larger one; of two halves as the arbiter answers. */
    Arbiter.ClaimResult decide(TieBreaker tieBreaker) {
        int there = all.size() - thisSide.size();
        if (thisSide.size() != there) {
            return thisSide.size() > there ? Arbiter.ClaimResult.YES : Arbiter.ClaimResult.NO;
        }
        return tieBreaker.decide(String.join(" ", all), String.join(" ", thisSide));
    }

    /** Whether this side has the node with the lowest address: it survives if the arbiter is known to be silent. */
    boolean hasLowestAddress() {
        return !all.isEmpty() && thisSide.contains(all.get(0));
    }
}
