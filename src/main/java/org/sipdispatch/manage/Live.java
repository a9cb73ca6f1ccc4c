package org.sipdispatch.manage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.sipdispatch.desk.Desk;
import org.sipdispatch.desk.ListDestinations;

/**
 * Keeps those who look on up to date: looks what this node knows whenever that changed, but a few times a second at
 * most, and tells each of them which destinations have become something else. Thread-safe.
 */
public final class Live {
    /** As many may look on at once. */
    static final int MOST_WATCHES = 200;

    private static final long PAUSE_MS = 50;
    private static final long PAUSE_AFTER_FAILURE_MS = 1000;

    /** What was seen last: rows by their ids. */
    record Seen(long revision, Map<String, ListDestinations.Row> rows) {}

    private final Desk desk;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor looks = thread();
    private volatile Seen seen = new Seen(0, Map.of());
    private boolean stale;
    private boolean busy;

    Live(Desk desk) {
        this.desk = desk;
    }

    /** One that only is there while somebody looks on. */
    private static ScheduledThreadPoolExecutor thread() {
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "live");
            thread.setDaemon(true);
            return thread;
        });
        pool.setKeepAliveTime(PAUSE_AFTER_FAILURE_MS, TimeUnit.MILLISECONDS);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** This node has learned something. Returns at once. */
    public void changed() {
        synchronized (this) {
            stale = true;
            if (busy || watches.isEmpty()) {
                return;
            }
        }
        // Not on the thread that tells it: that one has more to do.
        looks.execute(this::look);
    }

    boolean isFull() {
        return watches.size() >= MOST_WATCHES;
    }

    void begin(Watch watch) {
        watches.add(watch);
        changed();
    }

    void end(Watch watch) {
        watches.remove(watch);
    }

    Seen seen() {
        return seen;
    }

    private void look() {
        synchronized (this) {
            if (busy || !stale || watches.isEmpty()) {
                return;
            }
            busy = true;
            stale = false;
        }
        ask().whenComplete((page, trouble) -> {
            if (trouble == null) {
                take(page);
            } else {
                synchronized (this) {
                    stale = true;
                }
            }
            looks.schedule(this::lookAgain, trouble == null ? PAUSE_MS : PAUSE_AFTER_FAILURE_MS, TimeUnit.MILLISECONDS);
        });
    }

    private void lookAgain() {
        synchronized (this) {
            busy = false;
        }
        look();
    }

    private CompletionStage<ListDestinations.Page> ask() {
        try {
            return desk.listDestinations().answer(ListDestinations.Filter.ALL);
        } catch (RuntimeException e) {
            // Not started, or between two lives in the cluster.
            return CompletableFuture.failedFuture(e);
        }
    }

    private void take(ListDestinations.Page page) {
        Map<String, ListDestinations.Row> rows = new LinkedHashMap<>();
        page.rows().forEach(row -> rows.put(row.definition().id(), row));
        Seen before = seen;
        List<String> changed = rows.entrySet().stream()
                .filter(row -> !row.getValue().equals(before.rows().get(row.getKey())))
                .map(Map.Entry::getKey)
                .toList();
        boolean redefined = page.revision() != before.revision();
        seen = new Seen(page.revision(), rows);
        watches.forEach(watch -> watch.changed(rows.keySet(), changed, redefined));
    }
}
