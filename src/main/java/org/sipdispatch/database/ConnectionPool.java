package org.sipdispatch.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A few connections to a database, made when somebody asks and again when the database comes back. */
public final class ConnectionPool implements AutoCloseable {
    /**
     * How long a connection to an H2 file lives, in milliseconds. Where an H2 has closed by itself, what one pool opens anew
     * may stay locked for other pools until it is closed.
     */
    public static final long FILE_LIFETIME_MS = 300_000;

    /** Tells HikariCP which connections to give up beside those that it knows to be broken. */
    private static final class ClosedByItself implements SQLExceptionOverride {
        private static final int DATABASE_IS_CLOSED = 90098;

        @java.lang.Override
        public Override adjudicate(SQLException failure) {
            return failure.getErrorCode() == DATABASE_IS_CLOSED ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
        }
    }

    private final HikariDataSource source;

    private ConnectionPool(HikariDataSource source) {
        this.source = source;
    }

    /** Two connections; see {@link #of(String, int, Database, Duration, Duration)}. */
    public static ConnectionPool of(String name, Database database, Duration connect, Duration silence) {
        return of(name, 2, database, connect, silence);
    }

    /**
     * Opens nothing yet: the database may be away.
     *
     * @param name what the pool is for, for its threads' names
     * @param most how many connections at most
     * @param connect how long the database may take to answer
     * @param silence how long a database that was there may stay silent in the middle of an answer
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
        // Else HikariCP logs a database that is away with its stack before we tell of it in one line.
        settings.setInitializationFailTimeout(-1);
        if (database.kind() == Database.Kind.H2) {
            // H2 forgets a database in memory when its last connection closes.
            settings.setMinimumIdle(1);
            settings.setMaxLifetime(database.isInMemory() ? 0 : FILE_LIFETIME_MS);
            // One that could not write, as on a full disk, has closed its file for good, but calls its connections
            // valid.
            // A new connection opens the file anew.
            settings.setDriverClassName(H2Driver.class.getName());
            settings.setIdleTimeout(FILE_LIFETIME_MS / 2);
            settings.setConnectionTestQuery("SELECT 1");
            settings.setExceptionOverride(new ClosedByItself());
        }
        database.limits(connect, silence).forEach(settings::addDataSourceProperty);
        return new ConnectionPool(new HikariDataSource(settings));
    }

    /** A connection, at once or within the time that the database has to answer. */
    public Connection connect() throws SQLException {
        try {
            return source.getConnection();
        } catch (SQLTransientConnectionException e) {
            // HikariCP's own, with what the driver said as its cause if it said anything in time.
            throw e.getCause() == null
                    ? new SQLTransientConnectionException(e.getMessage(), new TimeoutException("no answer in time"))
                    : e;
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
