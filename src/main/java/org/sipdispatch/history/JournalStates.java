package org.sipdispatch.history;

import java.io.NotSerializableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.database.Database;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.JournalEntry;
import org.sipdispatch.destination.JournalEntrySerializer;
import org.sipdispatch.destination.JournalQuery;
import org.sipdispatch.store.Store;

/** The newest statuses in the tables {@code event_journal} and {@code snapshot} of all nodes, read only. */
public final class JournalStates implements JournalQuery {
    private final Store store;
    private final JournalEntrySerializer serializer = new JournalEntrySerializer();

    public JournalStates(Store store) {
        this.store = store;
    }

    @Override
    public Map<String, DestinationJournal.JournalState> read(List<String> persistenceIds) throws SQLException {
        Map<String, DestinationJournal.JournalState> newest = new HashMap<>();
        persistenceIds.forEach(id -> newest.put(id, new DestinationJournal.JournalState(null)));
        try (Connection connection = store.connect()) {
            // A record is deleted only when there is a snapshot of it, so the snapshots are read last.
            read(connection, "event", " FROM \"event_journal\" WHERE \"deleted\" = FALSE AND", persistenceIds, newest);
            read(connection, "snapshot", " FROM \"snapshot\" WHERE", persistenceIds, newest);
        }
        return newest;
    }

    /** Leaves out those with a record that cannot be read. */
    private void read(
            Connection connection,
            String prefix,
            String from,
            List<String> persistenceIds,
            Map<String, DestinationJournal.JournalState> newest)
            throws SQLException {
        String query = "SELECT \"persistence_id\", \"" + prefix + "_ser_id\", \"" + prefix + "_ser_manifest\", \""
                + prefix + "_payload\"" + from + " \"persistence_id\" IN ("
                + String.join(", ", Collections.nCopies(persistenceIds.size(), "?")) + ")";
        String quote = store.product() == Database.DatabaseProduct.MARIADB ? "" : "\"";
        try (PreparedStatement select = connection.prepareStatement(query.replace("\"", quote))) {
            for (int i = 0; i < persistenceIds.size(); i++) {
                select.setString(i + 1, persistenceIds.get(i));
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    DestinationJournal.JournalState record = record(row);
                    newest.computeIfPresent(
                            row.getString(1), (id, known) -> record == null ? null : known.newer(record));
                }
            }
        }
    }

    /** Null if it cannot be read. */
    private DestinationJournal.JournalState record(ResultSet row) throws SQLException {
        if (row.getInt(2) != serializer.identifier()) {
            return null;
        }
        try {
            Object record = serializer.fromBinary(row.getBytes(4), row.getString(3));
            return record instanceof JournalEntry entry
                    ? new DestinationJournal.JournalState(entry.status())
                    : (DestinationJournal.JournalState) record;
        } catch (NotSerializableException e) {
            return null;
        }
    }
}
