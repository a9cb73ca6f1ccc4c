package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.sipdispatch.destination.StatusVersion;

/**
 * The newest version of each destination in the history. Only the transaction that holds the history's lock reads and
 * writes it; nothing is cached in memory, so any node can run the projection.
 */
final class NewestRecordTable {
    private final Connection held;
    private final Set<String> stored = new HashSet<>();

    /** For one transaction on a connection that holds the history's lock. */
    NewestRecordTable(Connection held) {
        this.held = held;
    }

    /** The newest record of each source; a source without records is left out. */
    Map<String, NewestRecord> read(Collection<String> sources) throws SQLException {
        Map<String, NewestRecord> known = new HashMap<>();
        if (sources.isEmpty()) {
            return known;
        }
        try (PreparedStatement select = held.prepareStatement(
                "SELECT source_id, source_number, term, change_number, node_number, shown, sort_ms"
                        + " FROM sip_dispatcher_newest WHERE source_id IN ("
                        + String.join(", ", Collections.nCopies(sources.size(), "?")) + ")")) {
            int i = 1;
            for (String source : sources) {
                select.setString(i++, source);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    StatusVersion version = new StatusVersion(row.getLong(3), row.getLong(4), row.getLong(5));
                    known.put(
                            row.getString(1),
                            new NewestRecord(version, row.getLong(2), row.getString(6), row.getLong(7)));
                }
            }
        }
        stored.addAll(known.keySet());
        for (String source : sources) {
            if (!known.containsKey(source)) {
                fromHistory(source, known);
            }
        }
        return known;
    }

    /** Entries written before this table existed hold the version as text, without the node. */
    private void fromHistory(String source, Map<String, NewestRecord> known) throws SQLException {
        try (PreparedStatement select =
                held.prepareStatement("SELECT source_number, version, what, state, busy, sort_ms, at_ms"
                        + " FROM sip_dispatcher_history WHERE source_id = ? ORDER BY source_number DESC LIMIT 1")) {
            select.setString(1, source);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    String[] version = row.getString(2).split("\\.", 2);
                    // With the lowest node number, the same version of any actor is newer.
                    StatusVersion newest =
                            new StatusVersion(Long.parseLong(version[0]), Long.parseLong(version[1]), Long.MIN_VALUE);
                    String shown =
                            NewestRecord.shown(row.getString(3).equals("removed"), row.getString(4), row.getBoolean(5));
                    long sortMs = Math.max(row.getLong(6), row.getLong(7));
                    known.put(source, new NewestRecord(newest, row.getLong(1), shown, sortMs));
                }
            }
        }
    }

    /** Stores the changed records. */
    void write(Map<String, NewestRecord> newest) throws SQLException {
        try (PreparedStatement insert = held.prepareStatement(
                        "INSERT INTO sip_dispatcher_newest (source_number, term, change_number, node_number, shown,"
                                + " sort_ms, source_id) VALUES (?, ?, ?, ?, ?, ?, ?)");
                PreparedStatement update =
                        held.prepareStatement("UPDATE sip_dispatcher_newest SET source_number = ?, term = ?,"
                                + " change_number = ?, node_number = ?, shown = ?, sort_ms = ? WHERE source_id = ?")) {
            for (Map.Entry<String, NewestRecord> one : newest.entrySet()) {
                add(stored.contains(one.getKey()) ? update : insert, one.getKey(), one.getValue());
            }
            insert.executeBatch();
            update.executeBatch();
        }
    }

    private static void add(PreparedStatement statement, String source, NewestRecord newest) throws SQLException {
        statement.setLong(1, newest.number());
        statement.setLong(2, newest.version().term());
        statement.setLong(3, newest.version().change());
        statement.setLong(4, newest.version().node());
        statement.setString(5, newest.shown());
        statement.setLong(6, newest.sortMs());
        statement.setString(7, source);
        statement.addBatch();
    }

    /** The sort time of the next newer entry of that destination; {@link Long#MAX_VALUE} if there is none. */
    long nextNewerMs(String source, StatusVersion version) throws SQLException {
        return edge("SELECT MIN(sort_ms)", ">", source, version, Long.MAX_VALUE);
    }

    /** The sort time of the next older entry of that destination; 0 if there is none. */
    long nextOlderMs(String source, StatusVersion version) throws SQLException {
        return edge("SELECT MAX(sort_ms)", "<", source, version, 0);
    }

    private long edge(String what, String than, String source, StatusVersion version, long none) throws SQLException {
        String condition = " FROM sip_dispatcher_history WHERE source_id = ? AND sort_ms > 0 AND (term > ? OR term = ?"
                + " AND (change_number > ? OR change_number = ? AND node_number > ?))";
        try (PreparedStatement select = held.prepareStatement(what + condition.replaceAll("> \\?", than + " ?"))) {
            select.setString(1, source);
            select.setLong(2, version.term());
            select.setLong(3, version.term());
            select.setLong(4, version.change());
            select.setLong(5, version.change());
            select.setLong(6, version.node());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                long sortMs = row.getLong(1);
                return row.wasNull() ? none : sortMs;
            }
        }
    }
}
