package org.sipdispatch.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Which part of a cut cluster goes on, as one part sees it. Pure.
 *
 * @param all the names of all nodes, sorted
 * @param here those of this part, sorted
 */
record Tie(List<String> all, List<String> here) {
    /** Asks the witness for the half that it hears first. */
    interface Question {
        Witness.Answer settle(String epoch, String side);
    }

    /**
     * As a node sees it.
     *
     * @param unreachable those that some node does not hear
     * @param observers those that do not hear some node
     */
    static Tie of(Collection<String> members, Set<String> unreachable, Set<String> observers) {
        List<String> all = members.stream().sorted().toList();
        List<String> here = new ArrayList<>(all);
        // Who is not heard by one and says so of another is still heard by somebody: a link is cut, not the cluster.
        here.removeIf(name -> unreachable.contains(name) && !observers.contains(name));
        return new Tie(all, List.copyOf(here));
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
