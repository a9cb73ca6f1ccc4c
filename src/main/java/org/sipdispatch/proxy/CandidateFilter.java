package org.sipdispatch.proxy;

import java.util.List;
import org.sipdispatch.sets.Destination;

/** Skips candidates that became unusable after they were selected: they receive no new calls. */
record CandidateFilter(SetSelector sets, ViewFreshness views) {
    /**
     * The index of the next candidate to try. The first candidate is tried in any case.
     *
     * @param tried the index of the candidate that was tried last; -1 if none was
     * @return the number of candidates if none is left
     */
    int nextUsable(List<Destination> candidates, int tried) {
        int following = tried + 1;
        if (following > 0 && views.isStale()) {
            return candidates.size();
        }
        while (following > 0 && following < candidates.size() && sets.isUnusable(candidates.get(following))) {
            following++;
        }
        return following;
    }
}
