package org.sipdispatch.history;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls the newest id of the history and passes it to the subscribers on this node. Polls only while there are
 * subscribers.
 */
final class HistoryPoller {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryPoller.class);

    private final NewestIdQuery newest;
    private final Duration every;
    private final List<Subscriber> all = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService scheduler;
    private ScheduledFuture<?> polling;
    /** Whether a warning was logged. Used only by the polling thread. */
    private boolean warned;

    /** Reads the newest id of the history. */
    interface NewestIdQuery {
        long read() throws SQLException;
    }

    /** A subscriber and the id it received last. */
    private static final class Subscriber {
        private final LongConsumer newest;
        private long delivered = -1;

        private Subscriber(LongConsumer newest) {
            this.newest = newest;
        }

        private void deliver(long place) {
            if (delivered != place) {
                delivered = place;
                newest.accept(place);
            }
        }
    }

    HistoryPoller(NewestIdQuery newest, Duration every) {
        this.newest = newest;
        this.every = every;
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "history-follow");
            thread.setDaemon(true);
            return thread;
        });
        pool.setRemoveOnCancelPolicy(true);
        pool.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        this.scheduler = pool;
    }

    /** Adds a subscriber. After {@link #close} the call has no effect. */
    synchronized AutoCloseable add(LongConsumer newest) {
        Subscriber follower = new Subscriber(newest);
        if (scheduler.isShutdown()) {
            return () -> {};
        }
        all.add(follower);
        if (polling == null) {
            polling = scheduler.scheduleWithFixedDelay(this::poll, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            // A subscriber that joins while the poll runs receives the newest id at once.
            scheduler.execute(this::poll);
        }
        return () -> remove(follower);
    }

    private synchronized void remove(Subscriber follower) {
        all.remove(follower);
        if (all.isEmpty() && polling != null) {
            polling.cancel(false);
            polling = null;
        }
    }

    private void poll() {
        // A subscriber added during the query may already know a later id: it is served by the next poll.
        List<Subscriber> receivers = List.copyOf(all);
        long place;
        try {
            place = newest.read();
        } catch (SQLException e) {
            // The writers log the failure; there are no new entries while it lasts.
            return;
        } catch (RuntimeException e) {
            if (!warned) {
                LOG.warn("the newest id of the history cannot be read, next attempt soon", e);
            }
            warned = true;
            return;
        }
        warned = false;
        for (Subscriber follower : receivers) {
            try {
                follower.deliver(place);
            } catch (RuntimeException e) {
                LOG.warn("a subscriber of the history failed", e);
            }
        }
    }

    synchronized void close() {
        scheduler.shutdown();
    }
}
