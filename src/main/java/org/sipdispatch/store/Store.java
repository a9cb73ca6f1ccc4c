package org.sipdispatch.store;

import com.typesafe.config.Config;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.sipdispatch.database.ConnectionPool;
import org.sipdispatch.database.Database;
import org.sipdispatch.membership.Arbiter;
import org.sipdispatch.settings.SettingException;

/** The cluster's database. It may be away at any time, also at the start; no call here waits longer than its limit. */
public final class Store implements AutoCloseable {
    /** The limit for tie-breaks and leader heartbeats: later answers are of no use. */
    private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(2);
    /**
     * The limit for long queries. They have their own connections, so that they do not delay tie-breaks and heartbeats.
     */
    private static final Duration LONG_TIMEOUT = Duration.ofSeconds(10);

    private static final int CONNECTIONS = 4;

    private final StoreSettings settings;
    private final ConnectionPool pool;
    private final ConnectionPool slow;
    private final Schema tables;
    private final TimedQueries queries;
    private volatile String lastFailure;

    private Store(StoreSettings settings, ConnectionPool pool, ConnectionPool slow) {
        this.settings = settings;
        this.pool = pool;
        this.slow = slow;
        this.tables = new Schema(settings.database().product());
        this.queries = new TimedQueries(pool, tables, settings.database(), SHORT_TIMEOUT);
    }

    /** Opens the store. The database may be away. */
    public static Store open(StoreSettings settings) {
        Duration connect =
                settings.connectTimeout().compareTo(SHORT_TIMEOUT) < 0 ? settings.connectTimeout() : SHORT_TIMEOUT;
        try {
            return new Store(
                    settings,
                    ConnectionPool.of("store", settings.database(), connect, SHORT_TIMEOUT),
                    ConnectionPool.of("history", CONNECTIONS, settings.database(), connect, LONG_TIMEOUT));
        } catch (RuntimeException e) {
            throw bad(settings, e, "a URL that its driver can read: ");
        }
    }

    /**
     * Checks that the database accepts connections. Creates nothing.
     *
     * @throws SettingException if it does not
     */
    public static void check(StoreSettings settings) {
        try (ConnectionPool pool =
                ConnectionPool.of("check", 1, settings.database(), settings.connectTimeout(), LONG_TIMEOUT)) {
            ConnectionPool.probe(settings.database(), settings.connectTimeout());
            pool.connect().close();
        } catch (SQLException | RuntimeException e) {
            // HikariCP wraps the driver's exception for an invalid URL in a RuntimeException.
            throw bad(settings, e, "a database that answers: ");
        }
    }

    /** The configuration of an actor system that keeps its journal and snapshots in this database. */
    public Config persistence() {
        return PersistenceConfig.of(settings);
    }

    /**
     * Creates the missing tables, which the journal needs. Call it until it returns true.
     *
     * @return false if the database does not answer; {@link #lastFailure} holds the reason
     * @throws SettingException if the database answers but has no tables and refuses to create them
     */
    public boolean prepare() {
        try (Connection connection = pool.connect()) {
            boolean before = tables.isPrepared();
            try {
                tables.prepare(connection);
                DatabaseArbiter.deleteOld(connection);
            } catch (SQLException e) {
                // Tables created while the disk filled up may be lost.
                tables.forget();
                if (!before && connection.isValid(1) && !settings.database().isFull(e)) {
                    throw bad(settings, e, "a database with our tables or the right to create them: ");
                }
                throw e;
            }
            lastFailure = null;
            return true;
        } catch (SQLException e) {
            lastFailure = cause(e);
            return false;
        }
    }

    /** The reason why a record could not be written, in a few words, if there is no exception to explain it. */
    public String writeFailure() {
        String full = settings.database().fullDisk();
        return full == null ? "a record could not be written" : full;
    }

    /** The reason why the database could not be used, in a few words; a {@link TimeoutException} is silence. */
    public String cause(Throwable failure) {
        return failure instanceof TimeoutException
                ? settings.database().silence(PersistenceConfig.RESPONSE_TIMEOUT)
                : settings.database().cause(failure);
    }

    /** The database for messages: its file, or its URL without passwords. */
    public String shownName() {
        return settings.database().shownName();
    }

    private static SettingException bad(StoreSettings settings, Exception cause, String expected) {
        return new SettingException(
                settings.path(),
                settings.database().shownUrl(),
                expected + settings.database().cause(cause));
    }

    /** The reason why the last {@link #prepare} failed, in a few words; null if it succeeded. */
    public String lastFailure() {
        return lastFailure;
    }

    /**
     * A connection for queries that may take some seconds, to a database with our tables. The caller closes it. Do not
     * call it on an interrupted thread: H2 closes its file then.
     */
    public Connection connect() throws SQLException {
        Connection connection = slow.connect();
        try {
            tables.prepare(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The database product, which decides the SQL dialect. */
    public Database.DatabaseProduct product() {
        return settings.database().product();
    }

    public Arbiter arbiter() {
        return new DatabaseArbiter(queries);
    }

    @Override
    public void close() {
        queries.close();
        slow.close();
        pool.close();
    }
}
