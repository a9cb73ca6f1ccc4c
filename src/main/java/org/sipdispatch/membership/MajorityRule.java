package org.sipdispatch.membership;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Which part of a cut cluster goes on, as one part sees it. Pure.
 *
 * @param all the names of all nodes, sorted
 * @param here those of this part, sorted
 */
record MajorityRule(List<String> all, List<String> here) {
    /** Asks the witness for the half that it hears first. */
    interface Question {
        Arbiter.Answer settle(String epoch, String side);
    }

    /**
     * As a node sees it.
     *
     * @param members the names of all that are not removed yet; one that was only taken out may not know it and must be counted
     * @param reachable those that were heard lately, by this node or by one that it hears
     */
    static MajorityRule of(Collection<String> members, Set<String> reachable) {
        List<String> all = members.stream().sorted().toList();
        return new MajorityRule(all, all.stream().filter(reachable::contains).toList());
    }

    /**
     * Whether this part goes on.
     *
     * @param heardLately whether the database could be heard just before: then it may be the other half that hears it
     *     now, and this one must not go on
     */
    boolean goesOn(Question witness, boolean heardLately) {
        int there = all.size() - here.size();
        if (here.size() != there) {
            return here.size() > there;
        }
        return switch (witness.settle(String.join(" ", all), String.join(" ", here))) {
            case YES -> true;
            case NO -> false;
            case SILENT -> !heardLately && !all.isEmpty() && here.contains(all.get(0));
        };
    }
}
