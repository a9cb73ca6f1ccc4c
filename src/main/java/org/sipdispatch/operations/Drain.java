package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.cluster.ClusterCalls;
import org.sipdispatch.destination.Status;

/** Takes a destination out and tells how many calls still go on there: they are not touched. */
public final class Drain {
    private final OperationContext here;
    private final Hold hold;

    Drain(OperationContext here, Hold hold) {
        this.here = here;
        this.hold = hold;
    }

    /**
     * How far it is.
     *
     * @param status null until its actor has spoken
     */
    public record Progress(Status status, ClusterCalls calls) {
        /** Whether it takes no traffic and it is certain that no call is left there. */
        public boolean isDone() {
            return status != null && !status.takesTraffic() && calls.isNone();
        }
    }

    /** {@code key}: of the client, for an order that it may give again. */
    public CompletionStage<Progress> answer(Caller caller, String id, String why, OrderKey key) {
        String reason = why == null || why.isBlank() ? "drain" : "drain: " + why;
        return hold.answer(caller, id, reason, key)
                .thenCompose(done -> here.cluster()
                        .openCalls(id)
                        // The hold is done, whatever is known of the calls.
                        .exceptionally(
                                trouble -> ClusterCalls.unknown(here.cluster().address()))
                        .thenApply(calls -> new Progress(done.status(), calls)));
    }

    /** How far it is now. */
    public CompletionStage<Progress> progress(String id) {
        Status known = here.defined(id).status();
        return here.cluster().openCalls(id).thenApply(calls -> new Progress(known, calls));
    }
}
