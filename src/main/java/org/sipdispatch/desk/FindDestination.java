package org.sipdispatch.desk;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.sets.Destination;

/** Finds destinations by set and URI, as {@code ds_set_state} does. */
public final class FindDestination {
    private final Surroundings here;

    FindDestination(Surroundings here) {
        this.here = here;
    }

    /**
     * The ids of all with that URI, without regard to case, that share the socket of the first one. The same URI may be there
     * with several sockets.
     */
    public CompletionStage<List<String>> answer(String partition, int set, String uri) {
        return here.cluster().known().thenApply(known -> {
            List<Destination> found = known.destinations().stream()
                    .map(one -> one.definition().destination())
                    .filter(one -> is(one, partition, set, uri))
                    .toList();
            if (found.isEmpty()) {
                throw Refusal.unknown("destination", partition + ":" + set + ":" + uri, "one that is defined");
            }
            String shared = found.get(0).sharedId();
            return found.stream()
                    .filter(one -> one.sharedId().equals(shared))
                    .map(Destination::id)
                    .distinct()
                    .toList();
        });
    }

    private static boolean is(Destination one, String partition, int set, String uri) {
        return one.partition().equals(partition)
                && one.set() == set
                && one.uri().equalsIgnoreCase(uri);
    }
}
