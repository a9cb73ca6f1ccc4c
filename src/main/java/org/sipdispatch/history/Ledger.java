package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sipdispatch.database.Database;

/**
 * Where lines get their places. One writer at a time in the whole cluster holds the history's row until its lines are
 * there, so places have no gaps and whoever reads on from a place misses nothing. Besides, remembers how far others came.
 */
final class Ledger {
    /** The last place that was given. */
    static final String HISTORY = "history";
    /** The last record of the journal that was taken in. */
    static final String JOURNAL = "journal";

    /** SQLSTATE class of a duplicate key. */
    private static final String INTEGRITY = "23";

    /** SQLSTATE class of a value that the database cannot hold. */
    private static final String UNFIT = "22";

    /** By so much clocks of nodes may differ. */
    private static final long APART_MS = 3_600_000;

    private final Database.Kind kind;

    Ledger(Database.Kind kind) {
        this.kind = kind;
    }

    /** Says what is to be written, while nobody else writes. */
    interface Pen {
        List<Line> lines(Connection connection) throws SQLException;
    }

    /**
     * Writes those lines all or none, with whatever else the pen does, which may be asked twice. Returns the last place
     * that is taken then.
     */
    long write(Connection connection, Pen pen) throws SQLException {
        try {
            return write(connection, pen, false);
        } catch (SQLException e) {
            if (e.getSQLState() == null || !e.getSQLState().startsWith(UNFIT)) {
                throw e;
            }
            // A database of some old character set; one letter must not hold up all that follows.
            return write(connection, pen, true);
        }
    }

    private long write(Connection connection, Pen pen, boolean ascii) throws SQLException {
        makeRow(connection, HISTORY);
        connection.setAutoCommit(false);
        try {
            endIfSilent(connection);
            long last = locked(connection, HISTORY);
            List<Line> lines = pen.lines(connection);
            if (!lines.isEmpty()) {
                Entries.insert(connection, lines, last + 1, ascii);
                last += lines.size();
                move(connection, HISTORY, last);
            }
            connection.commit();
            return last;
        } catch (SQLException | RuntimeException e) {
            rollBack(connection, e);
            throw e;
        } finally {
            connection.setAutoCommit(true);
            forgiveSilence(connection);
        }
    }

    private static void rollBack(Connection connection, Exception reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /** A writer whose machine died must not hold the others up for as long as its connection seems to live. */
    private void endIfSilent(Connection connection) throws SQLException {
        switch (kind) {
            case H2 -> {}
            case MARIADB ->
                run(connection, "SET @sip_dispatcher_wait = @@SESSION.wait_timeout, SESSION wait_timeout = 15");
            case POSTGRESQL -> run(connection, "SET LOCAL idle_in_transaction_session_timeout = 15000");
        }
    }

    /** Between two transactions it may be silent for as long as its operator wants. */
    private void forgiveSilence(Connection connection) throws SQLException {
        if (kind == Database.Kind.MARIADB && !connection.isClosed()) {
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
                switch (kind) {
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
     * Whoever is told that it is kept must not lose it with this process. H2 has what is committed in memory for half a
     * second; to write at each commit would make its file grow without end.
     */
    void makeDurable(Connection connection) throws SQLException {
        if (kind == Database.Kind.H2) {
            run(connection, "CHECKPOINT");
        }
    }

    /**
     * When something happened, for lists: by the clock of its node, unless that is far ahead of the database's.
     *
     * @param nowMs now, by the database's clock
     */
    static long sortMs(long atMs, long nowMs) {
        return atMs > nowMs + APART_MS ? nowMs : atMs;
    }

    static boolean isDuplicate(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith(INTEGRITY);
    }

    /** Makes the row of that name, if it is not there; outside of any transaction. */
    void makeRow(Connection connection, String name) throws SQLException {
        makeRow(connection, name, 0);
    }

    void makeRow(Connection connection, String name, long position) throws SQLException {
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

    /** The same, held until the transaction ends. */
    long locked(Connection connection, String name) throws SQLException {
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

    /** Moves on; never back. */
    void move(Connection connection, String name, long position) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE sip_dispatcher_position SET position = ? WHERE name = ? AND position < ?")) {
            update.setLong(1, position);
            update.setString(2, name);
            update.setLong(3, position);
            update.executeUpdate();
        }
    }
}
