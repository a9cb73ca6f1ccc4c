package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sipdispatch.database.Database;

/**
 * Allocates history ids without gaps, in commit order: each write locks one row until it commits, so there is one
 * writer at a time in the whole cluster, and a reader that continues from an id misses nothing. Also stores the offsets
 * of consumers.
 */
final class HistorySequence {
    /** Name of the row with the last allocated id. */
    static final String HISTORY = "history";
    /** Name of the row with the last journal {@code ordering} taken into the history. */
    static final String JOURNAL = "journal";

    /** SQLSTATE class of a duplicate key. */
    private static final String INTEGRITY = "23";

    /** SQLSTATE class of a value that the database cannot hold. */
    private static final String DATA_EXCEPTION = "22";

    /** How far the clocks of nodes may differ. */
    private static final long MAX_CLOCK_SKEW_MS = 3_600_000;

    private final Database.DatabaseProduct product;

    HistorySequence(Database.DatabaseProduct product) {
        this.product = product;
    }

    /** Supplies the lines to write while the lock is held. */
    interface LineSupplier {
        List<PendingEntry> lines(Connection connection) throws SQLException;
    }

    /**
     * Writes the supplied lines and everything else the supplier writes in one transaction. May call the supplier
     * twice.
     *
     * @return the last allocated id after the write
     */
    long write(Connection connection, LineSupplier pen) throws SQLException {
        try {
            return write(connection, pen, false);
        } catch (SQLException e) {
            if (e.getSQLState() == null || !e.getSQLState().startsWith(DATA_EXCEPTION)) {
                throw e;
            }
            // The database uses an older character set. One character must not stop the history.
            return write(connection, pen, true);
        }
    }

    private long write(Connection connection, LineSupplier pen, boolean ascii) throws SQLException {
        ensureRow(connection, HISTORY);
        connection.setAutoCommit(false);
        try {
            limitIdleTime(connection);
            long last = lockedPosition(connection, HISTORY);
            List<PendingEntry> lines = pen.lines(connection);
            if (!lines.isEmpty()) {
                HistoryTable.insert(connection, lines, last + 1, ascii);
                last += lines.size();
                advance(connection, HISTORY, last);
            }
            connection.commit();
            return last;
        } catch (SQLException | RuntimeException e) {
            rollBack(connection, e);
            throw e;
        } finally {
            connection.setAutoCommit(true);
            restoreIdleTime(connection);
        }
    }

    private static void rollBack(Connection connection, Exception reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /**
     * Limits how long a dead client's connection can hold the lock: the database ends an idle transaction after 15 s.
     */
    private void limitIdleTime(Connection connection) throws SQLException {
        switch (product) {
            case H2 -> {}
            case MARIADB ->
                run(connection, "SET @sip_dispatcher_wait = @@SESSION.wait_timeout, SESSION wait_timeout = 15");
            case POSTGRESQL -> run(connection, "SET LOCAL idle_in_transaction_session_timeout = 15000");
        }
    }

    /** Restores the idle timeout of the session for the time between transactions. */
    private void restoreIdleTime(Connection connection) throws SQLException {
        if (product == Database.DatabaseProduct.MARIADB && !connection.isClosed()) {
            run(connection, "SET SESSION wait_timeout = COALESCE(@sip_dispatcher_wait, @@SESSION.wait_timeout)");
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Now by the database's clock, in milliseconds since 1970. */
    long nowMs(Connection connection) throws SQLException {
        String now =
                switch (product) {
                    case H2, POSTGRESQL -> "EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000";
                    case MARIADB -> "UNIX_TIMESTAMP(NOW(3)) * 1000";
                };
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("SELECT " + now)) {
            row.next();
            return row.getBigDecimal(1).longValue();
        }
    }

    /**
     * Flushes the commit to disk, so that an acknowledged entry survives the end of this process. H2 keeps commits in
     * memory for half a second; a flush at each commit would let its file grow without bound.
     */
    void makeDurable(Connection connection) throws SQLException {
        if (product == Database.DatabaseProduct.H2) {
            run(connection, "CHECKPOINT");
        }
    }

    /**
     * The time by which lists sort an entry: its node's clock, unless that is far ahead of the database's.
     *
     * @param nowMs the database's clock
     */
    static long sortMs(long atMs, long nowMs) {
        return atMs > nowMs + MAX_CLOCK_SKEW_MS ? nowMs : atMs;
    }

    static boolean isDuplicate(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith(INTEGRITY);
    }

    /** Inserts the row of that name if it is missing. Call it outside of any transaction. */
    void ensureRow(Connection connection, String name) throws SQLException {
        ensureRow(connection, name, 0);
    }

    void ensureRow(Connection connection, String name, long position) throws SQLException {
        if (position(connection, name) >= 0) {
            return;
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO sip_dispatcher_position (name, position) VALUES (?, ?)")) {
            insert.setString(1, name);
            insert.setLong(2, position);
            insert.executeUpdate();
        } catch (SQLException e) {
            if (!isDuplicate(e)) {
                throw e;
            }
        }
    }

    /** The position of that name; -1 if there is none. */
    long position(Connection connection, String name) throws SQLException {
        return position(connection, name, "");
    }

    /** The same, locked until the transaction ends. */
    long lockedPosition(Connection connection, String name) throws SQLException {
        return position(connection, name, " FOR UPDATE");
    }

    private static long position(Connection connection, String name, String how) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT position FROM sip_dispatcher_position WHERE name = ?" + how)) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : -1;
            }
        }
    }

    /** Advances the position. A lower value has no effect. */
    void advance(Connection connection, String name, long position) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE sip_dispatcher_position SET position = ? WHERE name = ? AND position < ?")) {
            update.setLong(1, position);
            update.setString(2, name);
            update.setLong(3, position);
            update.executeUpdate();
        }
    }
}
