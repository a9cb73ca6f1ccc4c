package org.sipdispatch.history;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/**
 * The history of the cluster: what happened, and on whose order. One history for all nodes, in the cluster's database.
 * Thread-safe.
 */
public interface History {
    /**
     * Records an operator's order; its id is ignored. Returns at once. The returned stage never fails. It completes
     * when the order is stored durably, or after one second: while the database is away, the order waits in memory.
     */
    CompletionStage<Void> recordOrder(HistoryEntry order);

    /** Reads entries, the newest first unless {@link HistoryQuery#after} is given. Fails while the database is away. */
    CompletionStage<List<HistoryEntry>> read(HistoryQuery query);

    /**
     * Calls the listener with the newest id of the history, once at the start and after each new entry. The call comes
     * on any thread and must not block.
     *
     * @return ends the subscription
     */
    AutoCloseable subscribe(LongConsumer newest);
}
