package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.List;

/**
 * Why destinations left the definitions.
 *
 * @param revision the first revision without them
 * @param who the operator who ordered it; empty if there was none, or it is not known
 * @param why the order
 */
public record Removal(long revision, String who, String why) {
    /** A removal of which this node has no record. */
    public static final Removal UNKNOWN = new Removal(0, "", "");

    private static final int MOST = 20;

    /** Adds the newest removal and drops the oldest ones beyond a limit. */
    public static List<Removal> with(List<Removal> known, Removal newest) {
        List<Removal> all = new ArrayList<>(known);
        all.add(newest);
        return List.copyOf(all.subList(Math.max(0, all.size() - MOST), all.size()));
    }

    /**
     * The removal between two revisions. Unknown if there are several: a node may skip revisions, and then cannot
     * attribute a destination's absence to one of them.
     */
    public static Removal between(List<Removal> known, long before, long after) {
        List<Removal> found = known.stream()
                .filter(one -> one.revision > before && one.revision <= after)
                .toList();
        return found.size() == 1 ? found.get(0) : UNKNOWN;
    }
}
