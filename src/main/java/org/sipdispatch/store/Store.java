package org.sipdispatch.store;

import com.typesafe.config.Config;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.sipdispatch.database.ConnectionPool;
import org.sipdispatch.database.Database;
import org.sipdispatch.settings.BadSetting;

/** The cluster's database. It may be away at any time, from the start on; nothing here waits for it longer than told. */
public final class Store implements AutoCloseable {
    /** Who asks about ties and beats has to act; later the answer is of no use. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** Long answers may take longer; they have connections of their own, so that nobody who has to act waits for them. */
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(10);

    private static final int CONNECTIONS = 4;

    private final StoreSettings settings;
    private final ConnectionPool pool;
    private final ConnectionPool slow;
    private final Tables tables;
    private final Asking asking;
    private volatile String trouble;

    private Store(StoreSettings settings, ConnectionPool pool, ConnectionPool slow) {
        this.settings = settings;
        this.pool = pool;
        this.slow = slow;
        this.tables = new Tables(settings.database().kind());
        this.asking = new Asking(pool, tables, settings.database(), PATIENCE);
    }

    /**
     * Opens a store, whose database may be away.
     *
     * @throws BadSetting if the driver cannot read its URL
     */
    public static Store open(StoreSettings settings) {
        Duration connect = settings.connectTimeout().compareTo(PATIENCE) < 0 ? settings.connectTimeout() : PATIENCE;
        try {
            return new Store(
                    settings,
                    ConnectionPool.of("store", settings.database(), connect, PATIENCE),
                    ConnectionPool.of("history", CONNECTIONS, settings.database(), connect, LONG_PATIENCE));
        } catch (RuntimeException e) {
            throw bad(settings, e, "a URL that its driver can read: ");
        }
    }

    /** What an actor system needs to know to keep its journal and snapshots there. */
    public Config persistence() {
        return PersistenceConfig.of(settings);
    }

    /**
     * Makes the tables that are missing; the journal needs them. To be called until it is true.
     *
     * @return false if the database does not answer; {@link #trouble} says why
     * @throws BadSetting if it answers but has no tables and will not make them
     */
    public boolean prepare() {
        try (Connection connection = pool.connect()) {
            boolean before = tables.isPrepared();
            try {
                tables.prepare(connection);
                Ties.forgetOld(connection);
            } catch (SQLException e) {
                // What was made as the disk filled up may be lost.
                tables.forget();
                if (!before && connection.isValid(1) && !settings.database().isFull(e)) {
                    throw bad(settings, e, "a database with our tables, or where we may make them: ");
                }
                throw e;
            }
            trouble = null;
            return true;
        } catch (SQLException e) {
            trouble = cause(e);
            return false;
        }
    }

    /** Why a record could not be written, in a few words, where nothing else is known of it. */
    public String writeTrouble() {
        String full = settings.database().fullDisk();
        return full == null ? "a record could not be written" : full;
    }

    /** Why the database could not be used, in a few words. */
    public String cause(Throwable failure) {
        return settings.database().cause(failure);
    }

    private static BadSetting bad(StoreSettings settings, Exception cause, String expected) {
        return new BadSetting(
                settings.path(),
                settings.database().shownUrl(),
                expected + settings.database().cause(cause));
    }

    /** Why the database did not answer the last {@link #prepare}, in a few words; null if it did. */
    public String trouble() {
        return trouble;
    }

    /**
     * A connection for what may take some seconds, to a database with our tables; to be closed. Must not be asked for on
     * a thread that is interrupted: H2 closes its file then.
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

    /** Which SQL the database takes. */
    public Database.Kind kind() {
        return settings.database().kind();
    }

    public Ties ties() {
        return new Ties(asking);
    }

    public Beats beats() {
        return new Beats(asking);
    }

    @Override
    public void close() {
        asking.close();
        slow.close();
        pool.close();
    }
}
