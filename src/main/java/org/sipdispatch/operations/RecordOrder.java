package org.sipdispatch.operations;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Records an order in the history that did not go through the operations, such as one to Akka Management. */
public final class RecordOrder {
    private final OperationContext here;

    RecordOrder(OperationContext here) {
        this.here = here;
    }

    /**
     * Records the order if the node has started. The result completes when the entry is stored or the database has
     * timed out.
     *
     * @param what the order
     * @param end the outcome
     */
    public CompletionStage<Void> recordOutcome(Caller caller, String verb, String what, String end) {
        return here.isStarted()
                ? here.writeEntry(caller, verb, "", OperationContext.reason(what) + "; " + end)
                : CompletableFuture.completedFuture(null);
    }
}
