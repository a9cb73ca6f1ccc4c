package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The sort key of an entry in lists, which give the newest first: by time, then by version, then by id. The key of an
 * entry never changes, so paging returns each entry once.
 */
record HistorySortKey(long sortMs, long term, long change, long node, long id) {
    static final String ORDER = "sort_ms DESC, term DESC, change_number DESC, node_number DESC, id DESC";

    private static final String BEHIND =
            " AND sort_ms <= ? AND (sort_ms < ? OR term < ? OR term = ? AND (change_number < ?"
                    + " OR change_number = ? AND (node_number < ? OR node_number = ? AND id < ?)))";

    /** The key of the entry with that id; null if the entry is deleted. */
    static HistorySortKey of(Connection connection, long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT sort_ms, term, change_number, node_number" + " FROM sip_dispatcher_history WHERE id = ?")) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? new HistorySortKey(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), id)
                        : null;
            }
        }
    }

    /** The condition that an entry follows this one in a list. Adds its parameters to {@code values}. */
    String conditionAfter(List<Object> values) {
        values.addAll(List.of(sortMs, sortMs, term, term, change, change, node, node, id));
        return BEHIND;
    }
}
