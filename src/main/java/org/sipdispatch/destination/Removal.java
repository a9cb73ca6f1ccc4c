package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.List;

/**
 * By whose word destinations are defined no longer.
 *
 * @param revision of the first definitions without them
 * @param who who ordered it; empty if nobody did, or it is not known
 * @param why the order
 */
public record Removal(long revision, String who, String why) {
    /** Nobody's word that is known. */
    public static final Removal UNKNOWN = new Removal(0, "", "");

    private static final int MOST = 20;

    /** These and that one; the oldest are let go. */
    public static List<Removal> with(List<Removal> known, Removal newest) {
        List<Removal> all = new ArrayList<>(known);
        all.add(newest);
        return List.copyOf(all.subList(Math.max(0, all.size() - MOST), all.size()));
    }

    /** The one between these revisions; unknown if there are several, since not every node hears of each revision. */
    public static Removal between(List<Removal> known, long before, long after) {
        List<Removal> found = known.stream()
                .filter(one -> one.revision > before && one.revision <= after)
                .toList();
        return found.size() == 1 ? found.get(0) : UNKNOWN;
    }
}
