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
import org.sipdispatch.database.Database;
import org.sipdispatch.settings.LogReminder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs queries on the database with a hard time limit, regardless of the driver. A query runs on one of two threads of
 * this class and is never interrupted: H2 closes its file if the thread is interrupted.
 */
final class TimedQueries implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TimedQueries.class);

    private final ConnectionPool pool;
    private final Schema tables;
    private final Database database;
    private final Duration timeout;
    private final ThreadPoolExecutor threads;
    private final LogReminder reminder = new LogReminder();

    /** A query on a connection. */
    interface TimedQuery<T> {
        T run(Connection connection) throws SQLException;
    }

    TimedQueries(ConnectionPool pool, Schema tables, Database database, Duration timeout) {
        this.pool = pool;
        this.tables = tables;
        this.database = database;
        this.timeout = timeout;
        this.threads = new ThreadPoolExecutor(2, 2, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(64), work -> {
            Thread thread = new Thread(work, "store");
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * The result, or {@code silence} if the database fails or does not answer in time. A database that refuses the query is
     * treated like one that is away; the log says why: once for each SQLSTATE, and again at intervals.
     *
     * @param purpose what the query is for, for the log
     */
    <T> T run(String purpose, TimedQuery<T> question, T silence) {
        Future<T> answer;
        try {
            answer = threads.submit(() -> answer(purpose, question));
        } catch (RejectedExecutionException e) {
            return silence;
        }
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(false);
            return silence;
        } catch (InterruptedException e) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            return silence;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException) {
                return silence;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private <T> T answer(String purpose, TimedQuery<T> question) throws SQLException {
        try (Connection connection = pool.connect()) {
            tables.prepare(connection);
            return question.run(connection);
        } catch (SQLException e) {
            log(purpose, e);
            throw e;
        }
    }

    private void log(String purpose, SQLException failure) {
        if (reminder.isDue(purpose + failure.getSQLState(), System.nanoTime())) {
            LOG.warn(
                    "{}: {}{}: {}",
                    purpose,
                    Database.refusal(failure),
                    failure.getSQLState() == null ? "" : " (SQLSTATE " + failure.getSQLState() + ")",
                    database.cause(failure));
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
