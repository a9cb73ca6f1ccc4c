package org.sipdispatch.operations;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.cluster.Cluster;

/** Whether this node should receive calls, and the reasons if not. */
public final class Readiness {
    private final OperationContext context;

    Readiness(OperationContext context) {
        this.context = context;
    }

    /** The reasons why this node is not ready; empty if it is ready. */
    public List<String> answer() {
        if (!context.isStarted()) {
            return List.of("starting");
        } else if (!context.hasTraffic()) {
            return context.cluster().awaited().stream()
                    .map(step -> "starting: " + step)
                    .toList();
        }
        return reasons(context.cluster(), context.destinations().revision());
    }

    private List<String> reasons(Cluster cluster, long revision) {
        List<String> reasons = new ArrayList<>();
        if (!context.isListening()) {
            reasons.add("takes no calls");
        }
        context.traffic()
                .full()
                .forEach(limit -> reasons.add(
                        "full: " + limit.setting() + " is reached, so that requests or connections are refused"));
        if (cluster.isStale()) {
            reasons.add("stale: this node was paused, and the other nodes have not confirmed its membership yet");
        }
        if (!cluster.isMember()) {
            reasons.add("not in the cluster: this node dispatches with the last known states");
        } else if (revision == 0) {
            reasons.add("no definitions");
        }
        return reasons;
    }
}
