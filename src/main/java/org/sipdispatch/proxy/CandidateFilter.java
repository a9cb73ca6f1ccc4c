package org.sipdispatch.proxy;

import java.util.List;
import org.sipdispatch.sets.Destination;

/** Skips candidates that were taken out since they were selected: those get no new calls. */
record CandidateFilter(SetSelector sets, ViewFreshness views) {
    /**
     * The place of the next candidate to try. The first one is tried in any case.
     *
     * @param tried the place of the one that was tried last, -1 if none was
     * @return the number of candidates if there is none
     */
    int following(List<Destination> candidates, int tried) {
        int following = tried + 1;
        if (following > 0 && views.isStale()) {
            return candidates.size();
        }
        while (following > 0 && following < candidates.size() && sets.isOut(candidates.get(following))) {
            following++;
        }
        return following;
    }
}
