package org.sipdispatch.manage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.sipdispatch.history.History;
import org.sipdispatch.history.HistoryEntry;
import org.sipdispatch.history.HistoryQuery;

/** A history whose database can be unreachable, lost or truncated. */
final class FakeHistory implements History {
    private final List<LongConsumer> followers = new CopyOnWriteArrayList<>();
    private List<HistoryEntry> entries = new ArrayList<>();
    private boolean away;
    private int reads;

    /** Adds that many entries, for destinations of the sets 0 to 9 in turn. */
    synchronized FakeHistory with(int lines) {
        for (int i = 0; i < lines; i++) {
            add();
        }
        return this;
    }

    /** Adds an entry. */
    void add() {
        add(false);
    }

    void add(boolean superseded) {
        long id;
        synchronized (this) {
            id = entries.isEmpty() ? 1 : entries.get(entries.size() - 1).id() + 1;
            entries.add(entry(id, superseded));
        }
        followers.forEach(follower -> follower.accept(id));
    }

    private static HistoryEntry entry(long id, boolean superseded) {
        return new HistoryEntry(
                id,
                1000 + id,
                HistoryEntry.HistoryEntryType.STATUS,
                "a:" + id % 10 + ":sip:x",
                "Probing",
                false,
                "status",
                "probe",
                "no reply",
                "1." + id,
                "n1",
                superseded);
    }

    /** Replaces the database by another one with that many entries. */
    void lose(int lines) {
        synchronized (this) {
            entries = new ArrayList<>();
        }
        with(lines);
        followers.forEach(follower -> follower.accept(lines));
    }

    /** Deletes the entries before that id. */
    synchronized void cut(long first) {
        entries.removeIf(entry -> entry.id() < first);
    }

    synchronized void away(boolean isAway) {
        away = isAway;
    }

    synchronized int reads() {
        return reads;
    }

    int followers() {
        return followers.size();
    }

    @Override
    public CompletionStage<Void> recordOrder(HistoryEntry order) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized CompletionStage<List<HistoryEntry>> read(HistoryQuery query) {
        reads++;
        if (away) {
            return CompletableFuture.failedFuture(new java.io.IOException("away"));
        }
        Comparator<HistoryEntry> byId = Comparator.comparingLong(HistoryEntry::id);
        return CompletableFuture.completedFuture(entries.stream()
                .filter(entry -> entry.id() > query.after() && (query.before() == 0 || entry.id() < query.before()))
                .sorted(query.after() == 0 ? byId.reversed() : byId)
                .limit(query.most())
                .toList());
    }

    @Override
    public synchronized AutoCloseable subscribe(LongConsumer newest) {
        followers.add(newest);
        newest.accept(entries.isEmpty() ? 0 : entries.get(entries.size() - 1).id());
        return () -> followers.remove(newest);
    }
}
