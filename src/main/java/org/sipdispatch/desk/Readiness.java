package org.sipdispatch.desk;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.cluster.Cluster;

/** Whether this node should be sent calls, and if not why. */
public final class Readiness {
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
        return cluster.known()
                .thenApply(known -> reasons(cluster, known.revision()))
                .exceptionally(trouble -> List.of("not in the cluster: " + trouble.getMessage()));
    }

    private List<String> reasons(Cluster cluster, long revision) {
        List<String> reasons = new ArrayList<>();
        if (!here.isListening()) {
            reasons.add("takes no calls");
        }
        if (!cluster.isMember()) {
            reasons.add("not in the cluster: calls go on with what was known");
        } else if (revision == 0) {
            reasons.add("no definitions");
        }
        return reasons;
    }
}
