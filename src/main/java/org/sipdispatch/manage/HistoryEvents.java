package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.history.EntryJson;
import org.sipdispatch.history.HistoryEntry;
import org.sipdispatch.history.HistoryQuery;
import org.sipdispatch.operations.Operations;

/**
 * The cluster's history from some id on, in order and without gaps. It reads the next entries only when the client has
 * received the last ones, so a slow client delays no other client. While the database is away it waits.
 */
final class HistoryEvents implements EventSource {
    private static final int BATCH = 100;
    private static final long UNKNOWN = -1;

    /** What the stream does for it. */
    interface Stream {
        /** On any thread: asks again. */
        void wake();

        /** On any thread: does that in the stream. */
        void run(Runnable work);

        /** In a while, calls {@link #rested} and asks again. */
        void restAWhile();
    }

    private final Operations desk;
    private final String prefix;
    private final Stream stream;
    private volatile long newest = UNKNOWN;
    private volatile boolean anew;
    private long cursor;
    private boolean placed;
    private boolean resumed;
    private boolean reading;
    private boolean resting;
    private List<HistoryEntry> batch = List.of();
    private AutoCloseable following = () -> {};

    /**
     * Begins behind that place.
     *
     * @param prefix how the ids of the destinations begin; null for any, and for orders about none
     * @param after -1 for the newest
     */
    HistoryEvents(Operations desk, String prefix, long after, Stream stream) {
        this.desk = desk;
        this.prefix = prefix;
        this.stream = stream;
        cursor = after;
        resumed = after >= 0;
    }

    @Override
    public void begin() {
        following = desk.followHistory().answer(place -> {
            boolean back = place < newest;
            newest = place;
            if (back) {
                // Only now: whoever sees it must see the place too.
                anew = true;
            }
            stream.wake();
        });
    }

    @Override
    public String next() {
        boolean back = anew;
        if (back) {
            anew = false;
        }
        long now = newest;
        if (now == UNKNOWN) {
            return null;
        }
        if (!placed || back) {
            boolean first = !placed;
            placed = true;
            if (cursor > now) {
                batch = List.of();
                return reset(now, "the history begins anew");
            }
            if (first) {
                cursor = cursor < 0 ? now : cursor;
                // Whoever is cut off before the first event must know where to go on, too.
                return ServerSentEvent.place(cursor);
            }
        }
        if (batch.isEmpty()) {
            read(now);
            return null;
        }
        return told();
    }

    /** The database may be back. */
    void rested() {
        resting = false;
    }

    /** What came before is not told any more: whoever hears it lists all anew. */
    private String reset(long to, String why) {
        ObjectNode data = Json.object().put("from", cursor).put("to", to).put("why", why);
        cursor = to;
        resumed = false;
        return ServerSentEvent.of("reset", to, data);
    }

    private void read(long now) {
        if (reading || resting || cursor >= now) {
            return;
        }
        reading = true;
        entries()
                .whenComplete((entries, trouble) -> stream.run(() -> {
                    reading = false;
                    if (trouble != null || entries.isEmpty()) {
                        rest();
                    } else {
                        batch = entries;
                    }
                }));
    }

    private void rest() {
        resting = true;
        stream.restAWhile();
    }

    private CompletionStage<List<HistoryEntry>> entries() {
        try {
            return desk.readHistory().answer(HistoryQuery.after(cursor, BATCH));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private String told() {
        long first = batch.get(0).id();
        if (resumed && first > cursor + 1) {
            return reset(first - 1, "the history does not reach back that far");
        }
        resumed = false;
        StringBuilder events = new StringBuilder();
        for (HistoryEntry entry : batch) {
            if (prefix == null || entry.destination().startsWith(prefix)) {
                String name = entry.superseded() ? HistoryEntry.SUPERSEDED : "status";
                events.append(ServerSentEvent.of(name, entry.id(), EntryJson.of(entry)));
            }
        }
        long last = batch.get(batch.size() - 1).id();
        boolean lastIsTold =
                prefix == null || batch.get(batch.size() - 1).destination().startsWith(prefix);
        if (!lastIsTold) {
            events.append(ServerSentEvent.place(last));
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
