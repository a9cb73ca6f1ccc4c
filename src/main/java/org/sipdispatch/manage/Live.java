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
import java.util.function.Supplier;
import org.sipdispatch.desk.Desk;
import org.sipdispatch.desk.ListDestinations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps those who look on up to date: looks what this node knows whenever that changed, but a few times a second at
 * most, and tells each of them which destinations have become something else. Thread-safe.
 */
public final class Live {
    private static final Logger LOG = LoggerFactory.getLogger(Live.class);

    /** As many may look on at once. */
    static final int MOST_WATCHES = 200;

    private static final long PAUSE_MS = 50;
    private static final long PAUSE_AFTER_FAILURE_MS = 1000;

    /** What was seen last: rows by their ids. */
    record Seen(long revision, Map<String, ListDestinations.Row> rows) {}

    private final Supplier<CompletionStage<ListDestinations.Page>> known;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor looks = thread();
    private volatile Seen seen = new Seen(0, Map.of());
    private boolean stale;
    private boolean busy;

    Live(Desk desk) {
        this(() -> desk.listDestinations().answer(ListDestinations.Filter.ALL));
    }

    /** {@code known}: all destinations as this node knows them. */
    Live(Supplier<CompletionStage<ListDestinations.Page>> known) {
        this.known = known;
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
            boolean taken = false;
            try {
                taken = trouble == null && taken(page);
            } finally {
                lookAgainSoon(taken);
            }
        });
    }

    /** Whatever went wrong, there is a next look: else nobody would be told anything until the process ends. */
    private void lookAgainSoon(boolean taken) {
        if (!taken) {
            synchronized (this) {
                stale = true;
            }
        }
        looks.schedule(this::lookAgain, taken ? PAUSE_MS : PAUSE_AFTER_FAILURE_MS, TimeUnit.MILLISECONDS);
    }

    private boolean taken(ListDestinations.Page page) {
        try {
            take(page);
            return true;
        } catch (RuntimeException e) {
            LOG.error("those who look on were not told what changed; again in a while", e);
            return false;
        }
    }

    private void lookAgain() {
        synchronized (this) {
            busy = false;
        }
        look();
    }

    private CompletionStage<ListDestinations.Page> ask() {
        try {
            return known.get();
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
        for (Watch watch : watches) {
            tell(watch, rows.keySet(), changed, redefined);
        }
    }

    /** One that fails must not keep it from the others: they are told of no change twice. */
    private static void tell(Watch watch, Set<String> all, List<String> changed, boolean redefined) {
        try {
            watch.changed(all, changed, redefined);
        } catch (RuntimeException e) {
            LOG.error("one who looks on was not told what changed", e);
        }
    }
}
