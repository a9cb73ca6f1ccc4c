package org.sipdispatch.proxy;

import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.Ranking;
import org.sipdispatch.sets.SelectContext;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sets.TargetAddresses;

/** Selects destinations through a lane's set actors. */
public interface SetSelector {
    /**
     * Asks a set for candidates. The answer arrives as {@link RelayLane#selected} with the same context.
     *
     * @return false if there is no such set; no answer arrives then
     */
    boolean ask(SetId set, Algorithm algorithm, int hash, SelectFlags flags, SelectContext context);

    /**
     * The same by the values of a ranking.
     *
     * @return false if there is no such set; no answer arrives then
     */
    boolean rank(SetId set, Ranking ranking, SelectFlags flags, SelectContext context);

    /** What rankings read of destinations. */
    DestinationFacts facts();

    /** The set's current view for traffic; null if there is no such set. */
    SetView view(SetId set);

    /** The addresses of a destination's targets; null if it has none. */
    default TargetAddresses targets(Destination destination) {
        return null;
    }

    /** Changes whenever the targets of any destination change. */
    default long targetChanges() {
        return 0;
    }

    /** All destinations of all sets; another object if they are other ones. */
    DestinationIndex destinations();

    /** Whether a former candidate has become unusable since, or is no longer defined. */
    boolean isUnusable(Destination candidate);
}
