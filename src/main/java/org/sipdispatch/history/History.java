package org.sipdispatch.history;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/** What happened in the cluster, and who did it. One history for all nodes, in their database. Thread-safe. */
public interface History {
    /**
     * Keeps an order; its id does not count. Returns at once. What is returned completes, and never fails, when the
     * order is kept whatever becomes of this node, or after a second: while the database is away it waits in memory.
     */
    CompletionStage<Void> note(HistoryEntry order);

    /** Reads it, the newest first unless {@link HistoryQuery#after} is given; fails while the database is away. */
    CompletionStage<List<HistoryEntry>> read(HistoryQuery query);

    /**
     * Tells of the newest place each time it is a new one, and once at the beginning, on any thread, which must not be
     * held up.
     *
     * @return ends that
     */
    AutoCloseable follow(LongConsumer newest);
}
