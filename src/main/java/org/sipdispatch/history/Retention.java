package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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
        Page page = page(connection, 0, nowMs);
        // However many a wrong clock wrote: they do not keep for ever what is behind them.
        while (page.lastOld == 0 && page.whole) {
            page = page(connection, page.last, nowMs);
        }
        if (page.lastOld > 0) {
            delete(connection, page.lastOld);
        }
        return page.lastOld > 0 && page.whole;
    }

    /**
     * Some rows in the order of their places.
     *
     * @param last the place of the last one that need not stay
     * @param lastOld of the last one that is old beyond doubt; 0 if none is
     * @param whole whether none of them must stay, and there may be more
     */
    private record Page(long last, long lastOld, boolean whole) {}

    private Page page(Connection connection, long behind, long nowMs) throws SQLException {
        long last = behind;
        long lastOld = 0;
        int seen = 0;
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT id, at_ms FROM sip_dispatcher_history WHERE id > ? ORDER BY id LIMIT " + AT_ONCE)) {
            select.setLong(1, behind);
            try (ResultSet row = select.executeQuery()) {
                while (row.next() && (isOld(row.getLong(2), nowMs) || isOfTheFuture(row.getLong(2), nowMs))) {
                    seen++;
                    last = row.getLong(1);
                    // What seems to be of the future goes only before what is old beyond doubt.
                    lastOld = isOld(row.getLong(2), nowMs) ? last : lastOld;
                }
            }
        }
        return new Page(last, lastOld, seen == AT_ONCE);
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
