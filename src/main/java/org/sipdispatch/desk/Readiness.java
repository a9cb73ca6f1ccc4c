package org.sipdispatch.desk;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.cluster.Cluster;

/** Whether this node should be sent calls, and if not why. */
public final class Readiness {
    private static final long UNKNOWN = -1;

    private final Surroundings here;

    Readiness(Surroundings here) {
        this.here = here;
    }

    /** Why this node is not ready; empty if it is. */
    public CompletionStage<List<String>> answer() {
        if (!here.isStarted()) {
            return CompletableFuture.completedFuture(List.of("starting"));
        }
        Cluster cluster = here.cluster();
        if (!here.hasTraffic()) {
            return cluster.awaited()
                    .thenApply(words ->
                            words.stream().map(word -> "starting: " + word).toList());
        }
        return cluster.known()
                .handle((known, trouble) -> reasons(cluster, trouble == null ? known.revision() : UNKNOWN));
    }

    private List<String> reasons(Cluster cluster, long revision) {
        List<String> reasons = new ArrayList<>();
        if (!here.isListening()) {
            reasons.add("takes no calls");
        }
        here.traffic()
                .full()
                .forEach(limit -> reasons.add(
                        "full: " + limit.setting() + " is reached, so that requests or connections are refused"));
        if (cluster.isStale()) {
            reasons.add("stale: this node stood still, and the others have not confirmed yet what it knows");
        }
        if (!cluster.isMember()) {
            reasons.add("not in the cluster: calls go on with what was known");
        } else if (revision == UNKNOWN) {
            reasons.add("does not know now which destinations there are");
        } else if (revision == 0) {
            reasons.add("no definitions");
        }
        return reasons;
    }
}
