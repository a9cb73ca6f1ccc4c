package org.sipdispatch.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/** An in-memory history of one node. */
public final class MemoryHistory implements History {
    private final List<HistoryEntry> entries = new ArrayList<>();
    private final List<LongConsumer> followers = new CopyOnWriteArrayList<>();

    @Override
    public synchronized CompletionStage<Void> recordOrder(HistoryEntry order) {
        long id = entries.size() + 1L;
        entries.add(new HistoryEntry(
                id,
                order.atMs(),
                order.type(),
                order.destination(),
                order.state(),
                order.busy(),
                order.what(),
                order.who(),
                order.why(),
                order.version(),
                order.node(),
                order.superseded()));
        followers.forEach(follower -> follower.accept(id));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<List<HistoryEntry>> read(HistoryQuery query) {
        Comparator<HistoryEntry> byId = Comparator.comparingLong(HistoryEntry::id);
        return CompletableFuture.completedFuture(entries.stream()
                .filter(entry -> accepts(query, entry))
                .sorted(query.after() != 0 ? byId : byId.reversed())
                .limit(query.most())
                .toList());
    }

    private static boolean accepts(HistoryQuery query, HistoryEntry entry) {
        return (query.destination() == null || query.destination().equals(entry.destination()))
                && (query.idPrefix() == null || entry.destination().startsWith(query.idPrefix()))
                && (query.who() == null || entry.who().contains(query.who()))
                && entry.atMs() >= query.fromMs()
                && (query.untilMs() == 0 || entry.atMs() < query.untilMs())
                && entry.id() > query.after()
                && (query.before() == 0 || entry.id() < query.before());
    }

    @Override
    public synchronized AutoCloseable subscribe(LongConsumer newest) {
        followers.add(newest);
        newest.accept(entries.size());
        return () -> followers.remove(newest);
    }
}
