package org.sipdispatch.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeoutException;

/** A small connection pool. It connects on demand, and again when the database comes back. */
public final class ConnectionPool implements AutoCloseable {
    /**
     * The maximum lifetime of a connection to an H2 file, in milliseconds. After H2 has closed its database, a file
     * that one pool reopens may stay locked for other pools until that pool closes it.
     */
    public static final long FILE_LIFETIME_MS = 300_000;

    /** Makes HikariCP also evict connections whose H2 database has closed. */
    private static final class EvictClosedDatabase implements SQLExceptionOverride {
        private static final int DATABASE_IS_CLOSED = 90098;

        @java.lang.Override
        public Override adjudicate(SQLException failure) {
            return failure.getErrorCode() == DATABASE_IS_CLOSED ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
        }
    }

    private final HikariDataSource source;

    private final Database database;
    private final Duration connect;

    private ConnectionPool(HikariDataSource source, Database database, Duration connect) {
        this.source = source;
        this.database = database;
        this.connect = connect;
    }

    /** Two connections; see {@link #of(String, int, Database, Duration, Duration)}. */
    public static ConnectionPool of(String name, Database database, Duration connect, Duration silence) {
        return of(name, 2, database, connect, silence);
    }

    /**
     * Creates the pool without connecting: the database may be away.
     *
     * @param name the purpose of the pool, for the names of its threads
     * @param most the maximum number of connections
     * @param connect how long the database may take to accept a connection
     * @param silence the longest silence of the database during an answer
     * @throws RuntimeException if the driver cannot read the URL
     */
    public static ConnectionPool of(String name, int most, Database database, Duration connect, Duration silence) {
        HikariConfig settings = new HikariConfig();
        settings.setPoolName(name + "-" + database.shownUrl().replaceAll("[^A-Za-z0-9]+", "-"));
        settings.setJdbcUrl(database.url());
        settings.setUsername(database.user());
        settings.setPassword(database.password());
        settings.setMaximumPoolSize(most);
        settings.setMinimumIdle(0);
        settings.setConnectionTimeout(connect.toMillis());
        settings.setValidationTimeout(Math.min(connect.toMillis(), 5000));
        // Otherwise HikariCP logs an unreachable database with a stack trace before our one-line message.
        settings.setInitializationFailTimeout(-1);
        if (database.product() == Database.DatabaseProduct.H2) {
            // H2 deletes an in-memory database when its last connection closes.
            settings.setMinimumIdle(1);
            settings.setMaxLifetime(database.isInMemory() ? 0 : FILE_LIFETIME_MS);
            // After a failed write, as on a full disk, H2 closes its file for good but reports its connections as
            // valid. A new connection reopens the file.
            settings.setDriverClassName(H2Driver.class.getName());
            if (most > 1) {
                settings.setIdleTimeout(FILE_LIFETIME_MS / 2);
            }
            settings.setConnectionTestQuery("SELECT 1");
            settings.setExceptionOverride(new EvictClosedDatabase());
        }
        database.limits(connect, silence).forEach(settings::addDataSourceProperty);
        return new ConnectionPool(new HikariDataSource(settings), database, connect);
    }

    /**
     * Connects once to a database server, without a pool: a pool retries until the connect timeout, also if the server
     * refuses at once. Does nothing for H2.
     *
     * @throws SQLException if it refuses, does not accept a connection within {@code connect}, or its driver cannot read
     *     the URL
     */
    public static void probe(Database database, Duration connect) throws SQLException {
        if (database.product() == Database.DatabaseProduct.H2) {
            return;
        }
        Properties properties = new Properties();
        properties.putAll(database.limits(connect, connect));
        if (database.user() != null) {
            properties.put("user", database.user());
        }
        if (database.password() != null) {
            properties.put("password", database.password());
        }
        try {
            DriverManager.getConnection(database.url(), properties).close();
        } catch (RuntimeException e) {
            // Drivers throw them for values in the URL, such as a port that is out of range.
            throw new SQLException(e);
        }
    }

    /** A connection, within the connect timeout. */
    public Connection connect() throws SQLException {
        try {
            return source.getConnection();
        } catch (SQLTransientConnectionException e) {
            // Thrown by HikariCP; its cause is the driver's exception, if there was one in time.
            throw e.getCause() == null
                    ? new SQLTransientConnectionException(
                            e.getMessage(), new TimeoutException(database.silence(connect)))
                    : e;
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
