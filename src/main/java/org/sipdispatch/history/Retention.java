package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what is old: the oldest places only, so that the rest has no gaps. Nothing as long as clocks differ. */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int AT_ONCE = 1000;
    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final long APART_MS = Duration.ofHours(1).toMillis();

    private final Duration keep;
    /** Whether that was said. */
    private boolean apart;

    Retention(Duration keep) {
        this.keep = keep;
    }

    /**
     * Deletes the next ones; returns whether there may be more.
     *
     * @param localMs now, by this node's clock, in milliseconds since 1970
     * @param databaseMs the same by the database's
     */
    boolean step(Connection connection, long localMs, long databaseMs) throws SQLException {
        boolean differ = Math.abs(localMs - databaseMs) > APART_MS;
        if (differ && !apart) {
            LOG.warn(
                    "nothing old is deleted from the history: the clocks of this node and of the database are {} h apart",
                    Duration.ofMillis(Math.abs(localMs - databaseMs)).toHours());
        }
        apart = differ;
        return !differ && step(connection, Math.min(localMs, databaseMs));
    }

    private boolean step(Connection connection, long nowMs) throws SQLException {
        long last = 0;
        int seen = 0;
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(
                        "SELECT id, at_ms FROM sip_dispatcher_history ORDER BY id LIMIT " + AT_ONCE)) {
            while (row.next() && (isOld(row.getLong(2), nowMs) || isOfTheFuture(row.getLong(2), nowMs))) {
                seen++;
                // What seems to be of the future goes only before what is old beyond doubt.
                last = isOld(row.getLong(2), nowMs) ? row.getLong(1) : last;
            }
        }
        if (last > 0) {
            delete(connection, last);
        }
        return last > 0 && seen == AT_ONCE;
    }

    private boolean isOld(long atMs, long nowMs) {
        return atMs < nowMs - keep.toMillis();
    }

    /** A line of the future is one of a wrong clock, and must not keep what came behind it. */
    private static boolean isOfTheFuture(long atMs, long nowMs) {
        return atMs > nowMs + DAY_MS;
    }

    private static void delete(Connection connection, long last) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM sip_dispatcher_history WHERE id <= ?")) {
            delete.setLong(1, last);
            delete.executeUpdate();
        }
    }
}
