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
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.settings.LogReminder;
import org.sipdispatch.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores this node's orders in the history. Orders wait in memory while the database is away. An order whose write may
 * or may not have been committed is written again only if it is missing.
 */
final class OrderOutbox {
    private static final Logger LOG = LoggerFactory.getLogger(OrderOutbox.class);
    private static final int AT_ONCE = 100;

    /** An order that waits, and the future that completes once it is stored. */
    private record UnwrittenOrder(HistoryEntry order, long number, CompletableFuture<Void> kept) {}

    private final Store store;
    private final HistorySequence sequence;
    private final int most;
    private final Duration again;
    /** The source of all orders of this process; different for each start. */
    private final String source = "order|" + UUID.randomUUID();

    private final LogReminder reminder = new LogReminder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<UnwrittenOrder> waiting = new ArrayDeque<>();
    private final Thread writer = new Thread(this::write, "history-notes");
    private long number;
    private long dropped;
    private int inProgress;
    private boolean closing;

    /**
     * Starts the writer thread.
     *
     * @param most the maximum number of waiting orders; beyond it the oldest are dropped
     * @param again the pause before the next attempt while the database is away
     */
    OrderOutbox(Store store, HistorySequence sequence, int most, Duration again) {
        this.store = store;
        this.sequence = sequence;
        this.most = most;
        this.again = again;
        writer.setDaemon(true);
        writer.start();
    }

    /**
     * The future completes on the writer thread when the order is stored. It never fails, and never completes if the
     * order is dropped.
     */
    CompletableFuture<Void> add(HistoryEntry order) {
        CompletableFuture<Void> kept = new CompletableFuture<>();
        lock.lock();
        try {
            waiting.add(new UnwrittenOrder(order, number++, kept));
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
        List<UnwrittenOrder> next = next();
        while (!next.isEmpty() && written(next)) {
            done();
            next.forEach(one -> one.kept().complete(null));
            next = next();
        }
    }

    private boolean written(List<UnwrittenOrder> orders) {
        for (String failure = attempt(orders); failure != null; failure = attempt(orders)) {
            if (reminder.isDue(failure, System.nanoTime())) {
                LOG.warn("orders wait until the history's database can be used: {}", failure);
            }
            if (!pause()) {
                return false;
            }
        }
        reminder.ends();
        return true;
    }

    /** Waits for the next orders; empty if the outbox is closed. */
    private List<UnwrittenOrder> next() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closing) {
                changed.awaitUninterruptibly();
            }
            List<UnwrittenOrder> lines = new ArrayList<>();
            while (lines.size() < AT_ONCE && !waiting.isEmpty()) {
                lines.add(waiting.remove());
            }
            inProgress = lines.size();
            return lines;
        } finally {
            lock.unlock();
        }
    }

    private void done() {
        lock.lock();
        try {
            inProgress = 0;
            dropped = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Null on success, otherwise the reason of the failure. */
    private String attempt(List<UnwrittenOrder> orders) {
        try (Connection connection = store.connect()) {
            sequence.write(connection, held -> {
                long newest = HistoryTable.highestNumber(held, source);
                long nowMs = sequence.nowMs(held);
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

    /** A user without the right to flush H2 relies on its own flush half a second later. */
    private void makeDurable(Connection connection) {
        try {
            sequence.makeDurable(connection);
        } catch (SQLException e) {
            LOG.debug("orders are stored, but may not be on the disk yet", e);
        }
    }

    private PendingEntry line(UnwrittenOrder one, long nowMs) {
        long sortMs = HistorySequence.sortMs(one.order().atMs(), nowMs);
        return new PendingEntry(one.order(), source, one.number(), StatusVersion.NONE, sortMs);
    }

    /** Waits for the next attempt; false if there is no time left for one. */
    private boolean pause() {
        lock.lock();
        try {
            long left = again.toNanos();
            while (left > 0 && !closing) {
                left = changed.awaitNanos(left);
            }
            return !closing;
        } catch (InterruptedException e) {
            // Not expected: an interrupt would close H2's file.
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Writes the waiting orders as long as the database answers in time. */
    void close(Duration timeout) {
        long left;
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(writer, timeout.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            left = waiting.size() + inProgress;
        } finally {
            lock.unlock();
        }
        if (left > 0) {
            LOG.warn("{} orders are missing from the history, its database does not answer", left);
        }
    }
}
