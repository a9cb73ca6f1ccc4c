package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.history.HistoryEntry;
import org.sipdispatch.history.HistoryEntryJson;
import org.sipdispatch.history.HistoryQuery;
import org.sipdispatch.operations.Operations;

/**
 * Events of the cluster's history after a given id, in order and without gaps. Reads the next entries only when the
 * client has received the previous ones, so a slow client does not delay others. Waits while the database is down.
 */
final class HistoryEvents implements EventSource {
    private static final int BATCH = 100;
    private static final long UNKNOWN = -1;

    /** Callbacks to the stream. */
    interface Stream {
        /** Makes the stream poll its sources; may be called on any thread. */
        void wake();

        /** Runs the work on the stream's thread; may be called on any thread. */
        void run(Runnable work);

        /** Ends the wait for the database after the retry interval, and polls the sources then. */
        void retryLater();
    }

    private final Operations operations;
    private final String prefix;
    private final Stream stream;
    private volatile long newest = UNKNOWN;
    private volatile boolean wentBack;
    private long cursor;
    private boolean started;
    private boolean resumed;
    private boolean reading;
    private boolean waiting;
    private List<HistoryEntry> batch = List.of();
    private AutoCloseable following = () -> {};

    /**
     * Reads the entries after a given id.
     *
     * @param prefix the prefix of the destination ids; null for all entries, including those without a destination
     * @param after the id; -1 for the newest
     */
    HistoryEvents(Operations operations, String prefix, long after, Stream stream) {
        this.operations = operations;
        this.prefix = prefix;
        this.stream = stream;
        cursor = after;
        resumed = after >= 0;
    }

    @Override
    public void begin() {
        following = operations.history().follow(place -> {
            boolean back = place < newest;
            newest = place;
            if (back) {
                // Set last: a reader that sees the flag must also see the new id.
                wentBack = true;
            }
            stream.wake();
        });
    }

    @Override
    public String next() {
        boolean back = wentBack;
        if (back) {
            wentBack = false;
        }
        long now = newest;
        if (now == UNKNOWN) {
            return null;
        }
        if (!started || back) {
            boolean first = !started;
            started = true;
            if (cursor > now) {
                batch = List.of();
                return reset(now, "the history starts again");
            }
            if (first) {
                cursor = cursor < 0 ? now : cursor;
                // A client that loses the connection before the first event must know where to continue.
                return ServerSentEvent.position(cursor);
            }
        }
        if (batch.isEmpty()) {
            read(now);
            return null;
        }
        return render();
    }

    /** Ends the wait for the database. */
    void retry() {
        waiting = false;
    }

    /** Tells the client that entries are missing. The client must list all destinations again. */
    private String reset(long to, String why) {
        ObjectNode data = Json.object().put("from", cursor).put("to", to).put("why", why);
        cursor = to;
        resumed = false;
        return ServerSentEvent.of("reset", to, data);
    }

    private void read(long now) {
        if (reading || waiting || cursor >= now) {
            return;
        }
        reading = true;
        entries()
                .whenComplete((entries, failure) -> stream.run(() -> {
                    reading = false;
                    if (failure != null || entries.isEmpty()) {
                        waitForDatabase();
                    } else {
                        batch = entries;
                    }
                }));
    }

    private void waitForDatabase() {
        waiting = true;
        stream.retryLater();
    }

    private CompletionStage<List<HistoryEntry>> entries() {
        try {
            return operations.history().read(HistoryQuery.after(cursor, BATCH));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private String render() {
        long first = batch.get(0).id();
        if (resumed && first > cursor + 1) {
            return reset(first - 1, "the history does not reach back that far");
        }
        resumed = false;
        StringBuilder events = new StringBuilder();
        for (HistoryEntry entry : batch) {
            if (prefix == null || entry.destination().startsWith(prefix)) {
                String name = entry.superseded() ? HistoryEntry.SUPERSEDED : "status";
                events.append(ServerSentEvent.of(name, entry.id(), HistoryEntryJson.of(entry)));
            }
        }
        long last = batch.get(batch.size() - 1).id();
        boolean lastIsSent =
                prefix == null || batch.get(batch.size() - 1).destination().startsWith(prefix);
        if (!lastIsSent) {
            events.append(ServerSentEvent.position(last));
        }
        cursor = last;
        batch = List.of();
        read(newest);
        return events.toString();
    }

    @Override
    public void end() {
        try {
            following.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
