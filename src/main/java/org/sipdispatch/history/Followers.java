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

/** Those on this node who want to know of the newest place. Looks only while there are any. */
final class Followers {
    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);

    private final Place newest;
    private final Duration every;
    private final List<Follower> all = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService looks;
    private ScheduledFuture<?> looking;
    /** Whether that was said; the thread's alone. */
    private boolean troubled;

    /** Where the newest place is asked for. */
    interface Place {
        long ask() throws SQLException;
    }

    /** One of them, and what it was told last. */
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

    /** After {@link #close} nothing is told any more. */
    synchronized AutoCloseable add(LongConsumer newest) {
        Follower follower = new Follower(newest);
        if (looks.isShutdown()) {
            return () -> {};
        }
        all.add(follower);
        if (looking == null) {
            looking = looks.scheduleWithFixedDelay(this::look, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            // Whoever begins behind the newest is to hear of what happens from now on.
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
        // Whoever comes while this asks may know of a later place already, and is told the next time.
        List<Follower> here = List.copyOf(all);
        long place;
        try {
            place = newest.ask();
        } catch (SQLException e) {
            // Whoever writes says so; there is nothing new as long as it lasts.
            return;
        } catch (RuntimeException e) {
            if (!troubled) {
                LOG.warn("the newest place of the history was not found; again in a while", e);
            }
            troubled = true;
            return;
        }
        troubled = false;
        for (Follower follower : here) {
            try {
                follower.tell(place);
            } catch (RuntimeException e) {
                LOG.warn("a follower of the history failed", e);
            }
        }
    }

    synchronized void close() {
        looks.shutdown();
    }
}
