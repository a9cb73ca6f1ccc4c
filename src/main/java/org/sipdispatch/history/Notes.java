package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.sipdispatch.destination.Version;
import org.sipdispatch.settings.Reminder;
import org.sipdispatch.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's orders on their way to the history. They wait in memory while the database is away; one that the database
 * may have heard or not is written again only if it is not there.
 */
final class Notes {
    private static final Logger LOG = LoggerFactory.getLogger(Notes.class);
    private static final int AT_ONCE = 100;

    /** An order on its way, and who wants to know that it is kept. */
    private record Waiting(HistoryEntry order, long number, CompletableFuture<Void> kept) {}

    private final Store store;
    private final Ledger ledger;
    private final int most;
    private final Duration again;
    /** Tells this life of this node from all others. */
    private final String source = "order|" + UUID.randomUUID();

    private final Reminder reminder = new Reminder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Thread writer = new Thread(this::write, "history-notes");
    private long number;
    private long dropped;
    private int inHand;
    private boolean closing;

    /**
     * Begins to write.
     *
     * @param most how many may wait
     * @param again how long to wait for a database that is away
     */
    Notes(Store store, Ledger ledger, int most, Duration again) {
        this.store = store;
        this.ledger = ledger;
        this.most = most;
        this.again = again;
        writer.setDaemon(true);
        writer.start();
    }

    /** Completes, on the thread that writes, when it is kept; never fails, and never comes where it is dropped. */
    CompletableFuture<Void> add(HistoryEntry order) {
        CompletableFuture<Void> kept = new CompletableFuture<>();
        lock.lock();
        try {
            waiting.add(new Waiting(order, number++, kept));
            if (waiting.size() > most) {
                waiting.remove();
                if (dropped++ == 0) {
                    LOG.warn("more than {} orders wait for the history's database; the oldest are dropped", most);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return kept;
    }

    private void write() {
        List<Waiting> next = next();
        while (!next.isEmpty() && written(next)) {
            done();
            next.forEach(one -> one.kept().complete(null));
            next = next();
        }
    }

    private boolean written(List<Waiting> orders) {
        for (String trouble = attempt(orders); trouble != null; trouble = attempt(orders)) {
            if (reminder.isDue(trouble, System.nanoTime())) {
                LOG.warn("orders wait until the history's database can be used: {}", trouble);
            }
            if (!pause()) {
                return false;
            }
        }
        reminder.ends();
        return true;
    }

    /** The next lines, as soon as there are any; none if none will come. */
    private List<Waiting> next() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closing) {
                changed.awaitUninterruptibly();
            }
            List<Waiting> lines = new ArrayList<>();
            while (lines.size() < AT_ONCE && !waiting.isEmpty()) {
                lines.add(waiting.remove());
            }
            inHand = lines.size();
            return lines;
        } finally {
            lock.unlock();
        }
    }

    private void done() {
        lock.lock();
        try {
            inHand = 0;
            dropped = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Null if the lines are there, else why not. */
    private String attempt(List<Waiting> orders) {
        try (Connection connection = store.connect()) {
            ledger.write(connection, held -> {
                long newest = Entries.newestOf(held, source);
                long nowMs = ledger.nowMs(held);
                return orders.stream()
                        .filter(one -> one.number() > newest)
                        .map(one -> line(one, nowMs))
                        .toList();
            });
            makeDurable(connection);
            return null;
        } catch (SQLException e) {
            return store.cause(e);
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    /** Who may not tell H2 to write has it written half a second later. */
    private void makeDurable(Connection connection) {
        try {
            ledger.makeDurable(connection);
        } catch (SQLException e) {
            LOG.debug("orders are kept, but not on the disk yet", e);
        }
    }

    private Line line(Waiting one, long nowMs) {
        long sortMs = Ledger.sortMs(one.order().atMs(), nowMs);
        return new Line(one.order(), source, one.number(), Version.NONE, sortMs);
    }

    /** Waits a while; false if there is no time left for another attempt. */
    private boolean pause() {
        lock.lock();
        try {
            long left = again.toNanos();
            while (left > 0 && !closing) {
                left = changed.awaitNanos(left);
            }
            return !closing;
        } catch (InterruptedException e) {
            // Nobody does that; H2 would close its file.
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what waits, as far as the database answers by then. */
    void close(Duration patience) {
        long left;
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(writer, patience.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            left = waiting.size() + inHand;
        } finally {
            lock.unlock();
        }
        if (left > 0) {
            LOG.warn("{} orders are lost to the history, its database does not answer", left);
        }
    }
}
