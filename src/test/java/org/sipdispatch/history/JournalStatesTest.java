package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.database.Database;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.JournalEntry.ChangeCause;
import org.sipdispatch.destination.JournalEntrySerializer;
import org.sipdispatch.store.Store;
import org.sipdispatch.store.StoreSamples.Kind;

class JournalStatesTest {
    private static final String A = "destination|default:1:sip:a";
    private static final String B = "destination|default:1:sip:b";
    private static final String C = "destination|default:1:sip:c";
    private static final String NONE = "destination|default:1:sip:none";
    private static final int OTHER_SERIALIZER = 17;

    private static void addSnapshot(Connection connection, Store store, String persistenceId, long change)
            throws Exception {
        JournalEntrySerializer serializer = new JournalEntrySerializer();
        DestinationJournal.JournalState kept = new DestinationJournal.JournalState(
                JournalRows.recorded(ChangeCause.COUNT, change).status());
        String sql = "INSERT INTO 'snapshot' ('persistence_id', 'sequence_number', 'created', 'snapshot_ser_id',"
                + " 'snapshot_ser_manifest', 'snapshot_payload') VALUES (?, ?, 0, ?, ?, ?)";
        String quote = store.product() == Database.DatabaseProduct.MARIADB ? "" : "\"";
        try (PreparedStatement insert = connection.prepareStatement(sql.replace("'", quote))) {
            insert.setString(1, persistenceId);
            insert.setLong(2, change);
            insert.setInt(3, serializer.identifier());
            insert.setString(4, serializer.manifest(kept));
            insert.setBytes(5, serializer.toBinary(kept));
            insert.executeUpdate();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNewestRecordOrSnapshotOfEachJournalCounts(Kind kind) throws Exception {
        try (Store store = HistorySamples.prepared(Store.open(kind.settings(HistorySamples.freshName())));
                Connection connection = store.connect()) {
            JournalRows rows = new JournalRows(connection, store.product());
            rows.add(1, A, ChangeCause.TRANSITION, 0);
            rows.add(3, A, ChangeCause.TRANSITION, 0);
            // Rows with an even number are deleted.
            rows.add(4, A, ChangeCause.TRANSITION, 0);
            addSnapshot(connection, store, A, 2);
            rows.add(5, B, ChangeCause.TRANSITION, 0);
            addSnapshot(connection, store, B, 9);
            rows.add(7, C, OTHER_SERIALIZER, new byte[] {1}, 0);

            Map<String, DestinationJournal.JournalState> read = new JournalStates(store).read(List.of(A, B, C, NONE));

            assertThat(read).containsOnlyKeys(A, B, NONE);
            assertThat(read.get(A).newest())
                    .isEqualTo(JournalRows.recorded(ChangeCause.COUNT, 3).status());
            assertThat(read.get(B).newest().version().change()).isEqualTo(9);
            assertThat(read.get(NONE).newest()).isNull();
        }
    }
}
