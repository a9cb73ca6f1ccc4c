package org.sipdispatch.proxy;

import java.util.List;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SelectContext;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/** Selects destinations through a lane's set actors. */
public interface SetSelector {
    /**
     * Asks a set for candidates; the answer comes as {@link RelayLane#selected} with the same context.
     *
     * @return false if there is no such set; then no answer comes
     */
    boolean ask(SetId set, Algorithm algorithm, int hash, SelectFlags flags, SelectContext context);

    /** The set as traffic sees it; null if there is no such set. */
    SetView view(SetId set);

    /** All destinations of all sets; another list exactly where they are others. */
    List<Destination> destinations();

    /** Whether a destination that was a candidate has been taken out since, or is defined no longer. */
    boolean isOut(Destination candidate);
}
