package org.sipdispatch.definitions;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipdispatch.catalog.StateWrite;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.replication.DestinationsSnapshot;

/**
 * Tracks which states the table has, as OpenSIPS' {@code persistent_state} does. A new instance writes the states of
 * all rows that it inherits once, because the previous one may have stopped with unwritten states. The table has the
 * initial states of all other rows: an operator may have changed a row since it was read, which must not be undone by a
 * write of a state that did not change. Not thread-safe.
 */
final class StateWriteBack {
    /** {@code version}: that of the status whose state was written. */
    private record WrittenState(DestinationState state, StatusVersion version) {}

    /** The states that the table has; null if unknown. */
    private final Map<String, WrittenState> written = new HashMap<>();

    /** The states that rows had when they were first defined, until the states of the destinations are known. */
    private final Map<String, DestinationState> firstRead = new HashMap<>();

    /** Ids of destinations whose rows an earlier instance read; null for all. */
    private Set<String> inherited;

    /** Sets the destinations whose rows were not read during the time of this instance; until then, these are all. */
    void inherit(Collection<String> ids) {
        inherited = new HashSet<>(ids);
    }

    /**
     * These rows are defined now, all others are not. A row that stays may have another state than before, since an
     * operator may have changed it. What was read but not applied counts for nothing.
     */
    void define(Map<String, DestinationState> rows) {
        firstRead.keySet().retainAll(rows.keySet());
        rows.forEach((id, state) -> {
            if (!written.containsKey(id)) {
                firstRead.putIfAbsent(id, state);
            }
        });
    }

    /** The states that the table does not have yet; they count as written from now on. */
    List<StateWrite> dirty(List<DestinationsSnapshot.KnownDestination> all) {
        Set<String> rows = all.stream()
                .filter(known -> !known.definition().temporary())
                .map(DestinationsSnapshot.KnownDestination::id)
                .collect(Collectors.toSet());
        written.keySet().retainAll(rows);
        List<StateWrite> dirty = new ArrayList<>();
        for (DestinationsSnapshot.KnownDestination known : all) {
            if (rows.contains(known.id())
                    && known.status() != null
                    && !known.former()
                    && !known.status().removed()) {
                add(dirty, known);
            }
        }
        return dirty;
    }

    /** An older status than the written one is left out: this node may not know yet what a majority knew then. */
    private void add(List<StateWrite> dirty, DestinationsSnapshot.KnownDestination known) {
        boolean isRead = inherited != null && !inherited.contains(known.id());
        if (isRead && !written.containsKey(known.id())) {
            DestinationState first =
                    firstRead.getOrDefault(known.id(), known.definition().initial());
            written.put(known.id(), new WrittenState(first, StatusVersion.NONE));
        }
        firstRead.remove(known.id());
        WrittenState before = written.get(known.id());
        WrittenState now =
                new WrittenState(known.status().state(), known.status().version());
        if (before != null && before.version().isAfter(now.version())) {
            return;
        }
        written.put(known.id(), now);
        if (before == null || before.state() != now.state()) {
            dirty.add(new StateWrite(known.definition().destination(), now.state()));
        }
    }

    /** Marks states that could not be written, to be written again. */
    void failed(Collection<StateWrite> failed) {
        failed.forEach(write -> written.put(write.destination().id(), null));
    }
}
