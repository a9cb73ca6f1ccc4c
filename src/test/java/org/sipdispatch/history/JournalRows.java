package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.sipdispatch.database.Database;
import org.sipdispatch.destination.JournalEntry;
import org.sipdispatch.destination.JournalEntrySerializer;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;

/** Inserts journal rows with chosen numbers. */
final class JournalRows {
    private final JournalEntrySerializer serializer = new JournalEntrySerializer();
    private final Connection connection;
    private final String quote;

    JournalRows(Connection connection, Database.DatabaseProduct product) {
        this.connection = connection;
        this.quote = product == Database.DatabaseProduct.MARIADB ? "" : "\"";
    }

    static JournalEntry recorded(JournalEntry.ChangeCause cause, long change) {
        Status status = new Status(
                new StatusVersion(3, change, -7), true, false, false, 0, 0, false, 5000, "alice", "change " + change);
        return new JournalEntry(cause, status, 1000 + change);
    }

    /** A change of that destination; its number is also its version. */
    void add(long ordering, String persistenceId, JournalEntry.ChangeCause cause, long writtenMs) throws SQLException {
        JournalEntry recorded = recorded(cause, ordering);
        add(ordering, persistenceId, serializer.identifier(), serializer.toBinary(recorded), writtenMs);
    }

    void add(long ordering, String persistenceId, int serializerId, byte[] bytes, long writtenMs) throws SQLException {
        add(ordering, persistenceId, ordering, serializerId, bytes, writtenMs);
    }

    /** Deletes all rows, as an operator may do for destinations that are no longer defined. */
    void clear() throws SQLException {
        try (Statement delete = connection.createStatement()) {
            delete.executeUpdate("DELETE FROM 'event_journal'".replace("'", quote));
        }
    }

    /** That record, with a correct timestamp. */
    void add(long ordering, String persistenceId, long sequence, JournalEntry recorded) throws SQLException {
        byte[] bytes = serializer.toBinary(recorded);
        add(ordering, persistenceId, sequence, serializer.identifier(), bytes, System.currentTimeMillis());
    }

    private void add(long ordering, String persistenceId, long sequence, int serializerId, byte[] bytes, long writtenMs)
            throws SQLException {
        String sql =
                "INSERT INTO 'event_journal' ('ordering', 'deleted', 'persistence_id', 'sequence_number', 'writer',"
                        + " 'write_timestamp', 'adapter_manifest', 'event_payload', 'event_ser_id', 'event_ser_manifest')"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql.replace("'", quote))) {
            insert.setLong(1, ordering);
            insert.setBoolean(2, ordering % 2 == 0);
            insert.setString(3, persistenceId);
            insert.setLong(4, sequence);
            insert.setString(5, "");
            insert.setLong(6, writtenMs);
            insert.setString(7, "");
            insert.setBytes(8, bytes);
            insert.setInt(9, serializerId);
            insert.setString(10, "recorded");
            insert.executeUpdate();
        }
    }
}
