package org.sipdispatch.operations;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.sipdispatch.history.HistoryEntry;
import org.sipdispatch.history.HistoryQuery;

/** The history of state changes and orders. */
public final class HistoryOperations {
    private final OperationContext context;

    HistoryOperations(OperationContext context) {
        this.context = context;
    }

    /** Refused while the database is down. */
    public CompletionStage<List<HistoryEntry>> read(HistoryQuery query) {
        return context.history().read(query).exceptionally(failure -> {
            throw new OperationException(
                    OperationException.RefusalReason.UNAVAILABLE,
                    "history: " + OperationContext.cause(failure).getMessage()
                            + " (expected: a database that answers)");
        });
    }

    /** Whether the node has started; otherwise {@link #follow} refuses. */
    public boolean isPossible() {
        return context.isStarted();
    }

    /**
     * Subscribes to the newest history id.
     *
     * @param newest receives the id on any thread; must not block
     * @return ends the subscription
     */
    public AutoCloseable follow(LongConsumer newest) {
        return context.history().subscribe(newest);
    }

    /**
     * Records an order that did not go through the operations, such as one to Akka Management, if the node has started.
     * The result completes when the entry is stored or the database has timed out.
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
