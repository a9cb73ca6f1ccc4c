package org.sipdispatch.operations;

import java.util.List;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;

/** Finds destinations by set and URI, as {@code ds_set_state} does. */
public final class FindDestination {
    private final OperationContext context;

    FindDestination(OperationContext context) {
        this.context = context;
    }

    /**
     * The ids of the destinations with this URI, compared case-insensitively, that share the socket of the first match.
     * The same URI may be defined with several sockets. If there is none, the id that it would have: the order refuses
     * it, so that the history records the refusal.
     */
    public List<String> answer(String partition, int set, String uri) {
        List<Destination> found = context.destinations().ofSet(new SetId(partition, set)).stream()
                .map(one -> one.definition().destination())
                .filter(one -> one.uri().equalsIgnoreCase(uri))
                .toList();
        if (found.isEmpty()) {
            return List.of(partition + ":" + set + ":" + uri);
        }
        String shared = found.get(0).sharedId();
        return found.stream()
                .filter(one -> one.sharedId().equals(shared))
                .map(Destination::id)
                .distinct()
                .toList();
    }
}
