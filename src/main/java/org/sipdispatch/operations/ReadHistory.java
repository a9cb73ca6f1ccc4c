package org.sipdispatch.operations;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.history.HistoryEntry;
import org.sipdispatch.history.HistoryQuery;

/** Reads the history of state changes and orders. */
public final class ReadHistory {
    private final OperationContext here;

    ReadHistory(OperationContext here) {
        this.here = here;
    }

    /** Refused while the database is down. */
    public CompletionStage<List<HistoryEntry>> answer(HistoryQuery query) {
        return here.history().read(query).exceptionally(trouble -> {
            throw new OperationException(
                    OperationException.Kind.UNAVAILABLE,
                    "history: " + OperationContext.cause(trouble).getMessage()
                            + " (expected: a database that answers)");
        });
    }
}
