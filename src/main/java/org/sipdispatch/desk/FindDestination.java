package org.sipdispatch.desk;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.cluster.Known;
import org.sipdispatch.sets.Destination;

/** Finds a destination by its set and its URI, as {@code ds_set_state} does. */
public final class FindDestination {
    private final Surroundings here;

    FindDestination(Surroundings here) {
        this.here = here;
    }

    /** The id of the first one with that URI, without regard to case; the same URI may be there with several sockets. */
    public CompletionStage<String> answer(String partition, int set, String uri) {
        return here.cluster()
                .known()
                .thenApply(known -> known.destinations().stream()
                        .map(Known.OfDestination::definition)
                        .filter(one -> is(one.destination(), partition, set, uri))
                        .findFirst()
                        .orElseThrow(() -> Refusal.unknown(
                                "destination", partition + ":" + set + ":" + uri, "one that is defined"))
                        .id());
    }

    private static boolean is(Destination one, String partition, int set, String uri) {
        return one.partition().equals(partition)
                && one.set() == set
                && one.uri().equalsIgnoreCase(uri);
    }
}
