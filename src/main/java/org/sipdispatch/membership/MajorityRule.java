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

    /**
     * Whether this side survives.
     *
     * @param databaseAnsweredLately whether the database answered just before: then the other half may reach it now, and this side
     *     must not survive without its answer
     */
    boolean survives(TieBreaker tieBreaker, boolean databaseAnsweredLately) {
        int there = all.size() - thisSide.size();
        if (thisSide.size() != there) {
            return thisSide.size() > there;
        }
        return switch (tieBreaker.decide(String.join(" ", all), String.join(" ", thisSide))) {
            case YES -> true;
            case NO -> false;
            case SILENT -> !databaseAnsweredLately && !all.isEmpty() && thisSide.contains(all.get(0));
        };
    }
}
