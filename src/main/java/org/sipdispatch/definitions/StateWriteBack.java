package org.sipdispatch.definitions;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.catalog.StateWrite;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.replication.DestinationsSnapshot;

/**
 * Tracks which states the table has, as OpenSIPS' {@code persistent_state} does. A new instance writes all states once,
 * because the previous one may have stopped with unwritten states. Not thread-safe.
 */
final class StateWriteBack {
    private final Map<String, DestinationState> written = new HashMap<>();

    /** The states that the table does not have yet; they count as written from now on. */
    List<StateWrite> dirty(List<DestinationsSnapshot.KnownDestination> all) {
        List<StateWrite> dirty = new ArrayList<>();
        for (DestinationsSnapshot.KnownDestination known : all) {
            if (known.definition().temporary()) {
                // A temporary destination has no row; if it gets one later, its state is written then.
                written.remove(known.id());
            } else if (known.status() != null
                    && !known.former()
                    && !known.status().removed()) {
                add(dirty, known);
            }
        }
        return dirty;
    }

    private void add(List<StateWrite> dirty, DestinationsSnapshot.KnownDestination known) {
        DestinationState state = known.status().state();
        if (written.put(known.id(), state) != state) {
            dirty.add(new StateWrite(known.definition().destination(), state));
        }
    }

    /** Marks states that could not be written, to be written again. */
    void failed(Collection<StateWrite> failed) {
        failed.forEach(write -> written.remove(write.destination().id()));
    }
}
