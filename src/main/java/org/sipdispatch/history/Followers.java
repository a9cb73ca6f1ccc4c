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
final class Followers {
    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);

    private final Place newest;
    private final Duration every;
    private final List<Follower> all = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService looks;
    private ScheduledFuture<?> looking;
    /** Whether a warning was logged. Used only by the polling thread. */
    private boolean troubled;

    /** Reads the newest id of the history. */
    interface Place {
        long ask() throws SQLException;
    }

    /** A subscriber and the id it received last. */
    private static final class Follower {
        private final LongConsumer newest;
        private long told = -1;

        private Follower(LongConsumer newest) {
            this.newest = newest;
        }

        private void tell(long place) {
            if (told != place) {
                told = place;
                newest.accept(place);
            }
        }
    }

    Followers(Place newest, Duration every) {
        this.newest = newest;
        this.every = every;
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "history-follow");
            thread.setDaemon(true);
            return thread;
        });
        pool.setRemoveOnCancelPolicy(true);
        pool.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        this.looks = pool;
    }

    /** Adds a subscriber. After {@link #close} the call has no effect. */
    synchronized AutoCloseable add(LongConsumer newest) {
        Follower follower = new Follower(newest);
        if (looks.isShutdown()) {
            return () -> {};
        }
        all.add(follower);
        if (looking == null) {
            looking = looks.scheduleWithFixedDelay(this::look, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            // A subscriber that joins while the poll runs receives the newest id at once.
            looks.execute(this::look);
        }
        return () -> remove(follower);
    }

    private synchronized void remove(Follower follower) {
        all.remove(follower);
        if (all.isEmpty() && looking != null) {
            looking.cancel(false);
            looking = null;
        }
    }

    private void look() {
        // A subscriber added during the query may already know a later id: it is served by the next poll.
        List<Follower> here = List.copyOf(all);
        long place;
        try {
            place = newest.ask();
        } catch (SQLException e) {
            // The writers log the failure; there are no new entries while it lasts.
            return;
        } catch (RuntimeException e) {
            if (!troubled) {
                LOG.warn("the newest id of the history cannot be read, next attempt soon", e);
            }
            troubled = true;
            return;
        }
        troubled = false;
        for (Follower follower : here) {
            try {
                follower.tell(place);
            } catch (RuntimeException e) {
                LOG.warn("a subscriber of the history failed", e);
            }
        }
    }

    synchronized void close() {
        looks.shutdown();
    }
}
