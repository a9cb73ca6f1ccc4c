package org.sipdispatch.e2e;

import java.io.NotSerializableException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.destination.JournalEntry;
import org.sipdispatch.destination.JournalEntrySerializer;

/** Reads the journal from the database. */
final class JournalTable {
    private final String jdbcUrl;

    JournalTable(String jdbcUrl) {
        this.jdbcUrl = jdbcUrl;
    }

    /** All records of a destination, the oldest first. */
    List<JournalEntry> of(String id) {
        String sql = "SELECT event_payload, event_ser_manifest FROM event_journal WHERE persistence_id = ?"
                + " ORDER BY sequence_number";
        List<JournalEntry> all = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, "destination|" + id);
            ResultSet rows = query.executeQuery();
            while (rows.next()) {
                all.add((JournalEntry) new JournalEntrySerializer().fromBinary(rows.getBytes(1), rows.getString(2)));
            }
        } catch (SQLException | NotSerializableException e) {
            throw new IllegalStateException(e);
        }
        return all;
    }
}
