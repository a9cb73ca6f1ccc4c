package org.sipdispatch.operations;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.history.HistoryEntry;
import org.sipdispatch.history.HistoryQuery;

/** Reads the history of state changes and orders. */
public final class ReadHistory {
    private final OperationContext context;

    ReadHistory(OperationContext context) {
        this.context = context;
    }

    /** Refused while the database is down. */
    public CompletionStage<List<HistoryEntry>> answer(HistoryQuery query) {
        return context.history().read(query).exceptionally(failure -> {
            throw new OperationException(
                    OperationException.RefusalReason.UNAVAILABLE,
                    "history: " + OperationContext.cause(failure).getMessage()
                            + " (expected: a database that answers)");
        });
    }
}
