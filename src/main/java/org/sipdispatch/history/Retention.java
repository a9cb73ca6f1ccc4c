package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Deletes what is old: the oldest places only, so that the rest has no gaps. */
final class Retention {
    private static final int AT_ONCE = 1000;
    private static final long DAY_MS = Duration.ofDays(1).toMillis();

    private final Duration keep;

    Retention(Duration keep) {
        this.keep = keep;
    }

    /** Deletes the next ones; returns whether there may be more. */
    boolean step(Connection connection, long nowMs) throws SQLException {
        long last = 0;
        int found = 0;
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(
                        "SELECT id, at_ms FROM sip_dispatcher_history ORDER BY id LIMIT " + AT_ONCE)) {
            while (row.next() && isOld(row.getLong(2), nowMs)) {
                last = row.getLong(1);
                found++;
            }
        }
        if (found > 0) {
            delete(connection, last);
        }
        return found == AT_ONCE;
    }

    /** A line of the future is one of a wrong clock, and must not keep what came behind it. */
    private boolean isOld(long atMs, long nowMs) {
        return atMs < nowMs - keep.toMillis() || atMs > nowMs + DAY_MS;
    }

    private static void delete(Connection connection, long last) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM sip_dispatcher_history WHERE id <= ?")) {
            delete.setLong(1, last);
            delete.executeUpdate();
        }
    }
}
