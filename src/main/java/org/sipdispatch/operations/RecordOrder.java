package org.sipdispatch.operations;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Records an order in the history that did not go through the operations, such as one to Akka Management. */
public final class RecordOrder {
    private final OperationContext context;

    RecordOrder(OperationContext context) {
        this.context = context;
    }

    /**
     * Records the order if the node has started. The result completes when the entry is stored or the database has
     * timed out.
     *
     * @param what the order
     * @param end the outcome
     */
    public CompletionStage<Void> recordOutcome(OperationCaller caller, String verb, String what, String end) {
        return context.isStarted()
                ? context.writeEntry(caller, verb, "", OperationContext.reason(what) + "; " + end)
                : CompletableFuture.completedFuture(null);
    }
}
