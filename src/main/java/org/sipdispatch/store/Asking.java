package org.sipdispatch.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sipdispatch.database.ConnectionPool;

/**
 * Runs queries on the database with a hard time limit, regardless of the driver. A query runs on one of two threads of
 * this class and is never interrupted: H2 closes its file if the thread is interrupted.
 */
final class Asking implements AutoCloseable {
    private final ConnectionPool pool;
    private final Tables tables;
    private final Duration patience;
    private final ThreadPoolExecutor threads;

    /** A query on a connection. */
    interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    Asking(ConnectionPool pool, Tables tables, Duration patience) {
        this.pool = pool;
        this.tables = tables;
        this.patience = patience;
        this.threads = new ThreadPoolExecutor(2, 2, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(64), work -> {
            Thread thread = new Thread(work, "store");
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    /** The result, or {@code silence} if the database fails or does not answer in time. */
    <T> T ask(Question<T> question, T silence) {
        Future<T> answer;
        try {
            answer = threads.submit(() -> answer(question));
        } catch (RejectedExecutionException e) {
            return silence;
        }
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(false);
            return silence;
        } catch (InterruptedException e) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            return silence;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException) {
                // A database that refuses the query is treated like one that is away.
                return silence;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private <T> T answer(Question<T> question) throws SQLException {
        try (Connection connection = pool.connect()) {
            tables.prepare(connection);
            return question.ask(connection);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
