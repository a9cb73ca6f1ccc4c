package org.sipdispatch.definitions;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.replication.DestinationsSnapshot;

/**
 * Remembers which states the table has, as {@code persistent_state} of OpenSIPS does. Who begins writes all of them
 * once, since the one before may have ended with some unwritten. Not thread-safe.
 */
final class StateWriteBack {
    private final Map<String, DestinationState> written = new HashMap<>();

    /** What the table does not have yet; counts as written from now on. */
    List<Source.StateWrite> dirty(List<DestinationsSnapshot.Entry> all) {
        List<Source.StateWrite> dirty = new ArrayList<>();
        for (DestinationsSnapshot.Entry known : all) {
            if (known.definition().temporary()) {
                // It has no row; one that is written down later gets its state.
                written.remove(known.id());
            } else if (known.status() != null
                    && !known.former()
                    && !known.status().removed()) {
                add(dirty, known);
            }
        }
        return dirty;
    }

    private void add(List<Source.StateWrite> dirty, DestinationsSnapshot.Entry known) {
        DestinationState state = known.status().state();
        if (written.put(known.id(), state) != state) {
            dirty.add(new Source.StateWrite(known.definition().destination(), state));
        }
    }

    /** These could not be written and are tried again. */
    void failed(Collection<Source.StateWrite> failed) {
        failed.forEach(write -> written.remove(write.destination().id()));
    }
}
