package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.sipdispatch.store.Store;

/** The history in the cluster's database. Tolerates a database that goes away at any time. */
public final class JdbcHistory implements History, AutoCloseable {
    private static final int MOST_WAITING = 10_000;
    private static final int READERS = 2;
    private static final int MOST_READING = 64;
    private static final int MOST_FOLLOWING = 1000;
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
    private static final Duration MEMBERS_INTERVAL = Duration.ofSeconds(1);
    /** The longest wait of an operator's request for its order to be stored. */
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);
    private static final Runnable NO_LISTENER = () -> {};

    private final Store store;
    private final HistorySequence sequence;
    private final OrderOutbox outbox;
    private final HistoryPoller followers;
    private final ThreadPoolExecutor readers = threads("history-read", READERS, MOST_READING);
    /** A separate thread for subscribers: their short queries must not wait behind an operator's long search. */
    private final ThreadPoolExecutor following = threads("history-following", 1, MOST_FOLLOWING);

    private final ThreadPoolExecutor projection = threads("history-projection", 1, MOST_READING);

    private final AtomicReference<Runnable> changeListener = new AtomicReference<>(NO_LISTENER);
    private volatile long revision;
    private MemberAddressWriter nodes;

    private JdbcHistory(Store store) {
        this.store = store;
        this.sequence = new HistorySequence(store.product());
        this.outbox = new OrderOutbox(store, sequence, MOST_WAITING, RETRY_DELAY);
        this.followers = new HistoryPoller(this::newest, POLL_INTERVAL);
    }

    /** Opens the history. Close it before the store. */
    public static JdbcHistory open(Store store) {
        return new JdbcHistory(store);
    }

    private static ThreadPoolExecutor threads(String name, int number, int mostWaiting) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                number, number, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(mostWaiting), work -> {
                    Thread thread = new Thread(work, name);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Starts to store the addresses of nodes as this node learns them, so that entries can name nodes that are gone.
     * Call it once.
     *
     * @param members supplies the addresses of the current nodes by their numbers in versions
     */
    public void storeNodeAddresses(Supplier<Map<Long, String>> members) {
        nodes = new MemberAddressWriter(members, store::connect, MEMBERS_INTERVAL);
    }

    /**
     * Destinations have changed, on any node: the journal has records of that, or soon will. Without such calls the
     * history follows the journal more slowly. Does not block. Called by one thread at a time.
     *
     * @param definitions the revision of the definitions
     * @param anyStatus whether the status of a destination has changed
     */
    public void destinationsChanged(long definitions, boolean anyStatus) {
        if (anyStatus || definitions != revision) {
            revision = definitions;
            changeListener.get().run();
        }
    }

    /** Calls the listener when destinations have changed, in place of the previous listener. */
    void setChangeListener(Runnable listener) {
        changeListener.set(listener);
    }

    void removeChangeListener(Runnable listener) {
        changeListener.compareAndSet(listener, NO_LISTENER);
    }

    /** A query on a connection. */
    interface HistorySqlQuery<T> {
        T run(Connection connection) throws SQLException;
    }

    @Override
    public CompletionStage<Void> recordOrder(HistoryEntry order) {
        // Async, so that dependent stages run neither on the writer thread nor on the timer thread.
        return outbox.add(order)
                .completeOnTimeout(null, STORE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .thenApplyAsync(Function.identity());
    }

    @Override
    public CompletionStage<List<HistoryEntry>> read(HistoryQuery query) {
        HistorySqlQuery<List<HistoryEntry>> question = connection -> HistoryTable.read(connection, query);
        return query.isById() ? readNext(question) : search(question);
    }

    @Override
    public AutoCloseable subscribe(LongConsumer newest) {
        return followers.add(newest);
    }

    private long newest() throws SQLException {
        try (Connection connection = store.connect()) {
            return Math.max(0, sequence.position(connection, HistorySequence.HISTORY));
        }
    }

    Store store() {
        return store;
    }

    HistorySequence sequence() {
        return sequence;
    }

    /** Runs a query that may take long. */
    <T> CompletionStage<T> search(HistorySqlQuery<T> question) {
        return ask(readers, question);
    }

    /** Runs a query for the entries after an id. */
    <T> CompletionStage<T> readNext(HistorySqlQuery<T> question) {
        return ask(following, question);
    }

    /** Runs a query on the thread of the projection, so that readers do not delay it. */
    <T> CompletionStage<T> runForProjection(HistorySqlQuery<T> question) {
        return ask(projection, question);
    }

    private <T> CompletionStage<T> ask(Executor threads, HistorySqlQuery<T> question) {
        try {
            return CompletableFuture.supplyAsync(() -> answer(question), threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new IllegalStateException("too many queries of the history at once"));
        }
    }

    private <T> T answer(HistorySqlQuery<T> question) {
        try (Connection connection = store.connect()) {
            return question.run(connection);
        } catch (SQLException e) {
            throw new CompletionException(new IllegalStateException(store.cause(e), e));
        }
    }

    /** Stores the remaining orders if the database answers in time. */
    @Override
    public void close() {
        if (nodes != null) {
            nodes.close();
        }
        followers.close();
        readers.shutdown();
        following.shutdown();
        projection.shutdown();
        outbox.close(CLOSE_TIMEOUT);
    }
}
