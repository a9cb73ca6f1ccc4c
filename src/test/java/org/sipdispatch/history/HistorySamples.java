package org.sipdispatch.history;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ConditionFactory;
import org.sipdispatch.store.Store;
import org.sipdispatch.store.StoreSamples;

/** Histories and entries for tests. */
final class HistorySamples {
    private static final AtomicLong NUMBER = new AtomicLong();

    private HistorySamples() {}

    /** An empty database of that kind. */
    static Store store(StoreSamples.Kind kind) {
        return prepared(Store.open(kind.settings(freshName())));
    }

    /** The store with its tables, with time for a slow machine. */
    static Store prepared(Store store) {
        atOnce().until(store::prepare);
        atOnce().ignoreExceptions().until(() -> {
            store.connect().close();
            return true;
        });
        return store;
    }

    /** Without the usual delay before the first attempt, which nearly always succeeds. */
    private static ConditionFactory atOnce() {
        return await().atMost(Duration.ofSeconds(60)).pollDelay(Duration.ZERO);
    }

    static String freshName() {
        return "history" + NUMBER.incrementAndGet() + "_" + System.nanoTime();
    }

    static HistoryEntry order(String who) {
        return order("default:1:sip:a", who, 1000);
    }

    static HistoryEntry order(String destination, String who, long atMs) {
        return new HistoryEntry(
                0,
                atMs,
                HistoryEntry.HistoryEntryType.ORDER,
                destination,
                "",
                false,
                "hold",
                who,
                "done",
                "",
                "10.0.0.1:2552",
                false);
    }

    static List<HistoryEntry> read(History history, HistoryQuery query) {
        try {
            return history.read(query).toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static List<HistoryEntry> all(History history) {
        return read(history, HistoryQuery.after(0, 1000));
    }
}
