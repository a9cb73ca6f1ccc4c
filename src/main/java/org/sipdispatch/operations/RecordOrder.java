package org.sipdispatch.operations;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Puts an order into the history that was given past this desk: to the cluster itself. */
public final class RecordOrder {
    private final OperationContext here;

    RecordOrder(OperationContext here) {
        this.here = here;
    }

    /**
     * Notes it, if the node has started; completes when it is kept, or the database took too long.
     *
     * @param what the order
     * @param end what became of it
     */
    public CompletionStage<Void> note(Caller caller, String verb, String what, String end) {
        return here.isStarted()
                ? here.note(caller, verb, "", OperationContext.reason(what) + "; " + end)
                : CompletableFuture.completedFuture(null);
    }
}
