package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.cluster.ClusterCalls;
import org.sipdispatch.destination.Status;

/** Holds a destination and reports how many calls are active there. Active calls continue. */
public final class DrainDestination {
    private final OperationContext context;
    private final HoldDestination hold;

    DrainDestination(OperationContext context, HoldDestination hold) {
        this.context = context;
        this.hold = hold;
    }

    /**
     * The progress of a drain.
     *
     * @param status null until the destination's actor has reported
     */
    public record Progress(Status status, ClusterCalls calls) {
        /** Whether the destination takes no traffic and certainly has no active call. */
        public boolean isDone() {
            return status != null && !status.takesTraffic() && calls.isNone();
        }
    }

    /**
     * Starts a drain. {@code key} is the client's name for the order, so that the client can repeat the order safely.
     */
    public CompletionStage<Progress> answer(OperationCaller caller, String id, String why, OrderKey key) {
        String reason = why == null || why.isBlank() ? "drain" : "drain: " + why;
        return hold.answer(caller, id, reason, key)
                .thenCompose(done -> context.cluster()
                        .openCalls(id)
                        // The hold is done, even if the number of calls is unknown.
                        .exceptionally(failure ->
                                ClusterCalls.unknown(context.cluster().address()))
                        .thenApply(calls -> new Progress(done.status(), calls)));
    }

    /** The current progress. */
    public CompletionStage<Progress> progress(String id) {
        Status known = context.defined(id).status();
        return context.cluster().openCalls(id).thenApply(calls -> new Progress(known, calls));
    }
}
