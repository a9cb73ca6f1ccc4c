package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes old entries, the lowest ids only, so that the remaining ids have no gaps. Deletes nothing while the clocks of
 * this node and of the database differ by more than an hour.
 */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int AT_ONCE = 1000;
    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final long MAX_CLOCK_SKEW_MS = Duration.ofHours(1).toMillis();

    private final Duration keep;
    /** Whether the warning about the clocks was logged. */
    private boolean clocksDiffer;

    Retention(Duration keep) {
        this.keep = keep;
    }

    /**
     * Deletes the next old entries.
     *
     * @param localMs this node's clock, in milliseconds since 1970
     * @param databaseMs the database's clock, in milliseconds since 1970
     * @return whether there may be more
     */
    boolean step(Connection connection, long localMs, long databaseMs) throws SQLException {
        boolean differ = Math.abs(localMs - databaseMs) > MAX_CLOCK_SKEW_MS;
        if (differ && !clocksDiffer) {
            LOG.warn(
                    "old entries stay in the history: the clocks of this node and of the database are {} h apart",
                    Duration.ofMillis(Math.abs(localMs - databaseMs)).toHours());
        }
        clocksDiffer = differ;
        return !differ && step(connection, Math.min(localMs, databaseMs));
    }

    private boolean step(Connection connection, long nowMs) throws SQLException {
        DeletablePage page = page(connection, 0, nowMs);
        // Skips any number of entries with times in the future, so that they do not keep the old entries after them.
        while (page.lastOld == 0 && page.whole) {
            page = page(connection, page.last, nowMs);
        }
        if (page.lastOld > 0) {
            delete(connection, page.lastOld);
        }
        return page.lastOld > 0 && page.whole;
    }

    /**
     * Some rows in the order of their ids.
     *
     * @param last the id of the last row that may be deleted
     * @param lastOld the id of the last row that is certainly old; 0 if there is none
     * @param whole whether all rows of the page may be deleted and there may be more rows
     */
    private record DeletablePage(long last, long lastOld, boolean whole) {}

    private DeletablePage page(Connection connection, long behind, long nowMs) throws SQLException {
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
                    // A row with a time in the future is deleted only together with a later row that is certainly old.
                    lastOld = isOld(row.getLong(2), nowMs) ? last : lastOld;
                }
            }
        }
        return new DeletablePage(last, lastOld, seen == AT_ONCE);
    }

    private boolean isOld(long atMs, long nowMs) {
        return atMs < nowMs - keep.toMillis();
    }

    /** An entry with a time in the future comes from a wrong clock and must not keep the entries after it. */
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
