package org.sipdispatch.history;

import java.io.NotSerializableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.sipdispatch.database.Database;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.Recorded;
import org.sipdispatch.destination.RecordedSerializer;
import org.sipdispatch.destination.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the journals of destinations tell into the history, each record once: how far it came is written in the
 * same transaction, and read there, whoever does it. For one thread at a time.
 */
final class Projection {
    private static final Logger LOG = LoggerFactory.getLogger(Projection.class);
    private static final int AT_ONCE = 200;
    private static final long GAP_NANOS = 5_000_000_000L;
    /** A record that old, by a clock that may be wrong by almost as much, has nothing coming below it. */
    private static final long OLD_MS = 60_000;

    private final Ledger ledger;
    private final LongFunction<String> names;
    private final String quote;
    private final RecordedSerializer serializer = new RecordedSerializer();
    private final Settled settled = new Settled(GAP_NANOS);
    private boolean unreadable;

    /**
     * Begins where the one before was.
     *
     * @param names the addresses of nodes by their numbers in versions
     */
    Projection(Ledger ledger, Database.Kind kind, LongFunction<String> names) {
        this.ledger = ledger;
        this.names = names;
        this.quote = kind == Database.Kind.MARIADB ? "" : "\"";
    }

    /** A row of the journal. */
    private record Row(
            long ordering,
            String persistenceId,
            long sequence,
            long writtenMs,
            int serializer,
            String manifest,
            byte[] bytes) {}

    /**
     * Takes in the next records.
     *
     * @param nowMs in milliseconds since 1970
     * @param nowNanos of a clock that nobody sets
     * @return whether there may be more at once
     */
    boolean step(Connection connection, long nowMs, long nowNanos) throws SQLException {
        settled.saw(highest(connection), nowNanos);
        ledger.makeRow(connection, Ledger.JOURNAL);
        // Looked at before anybody is held up.
        long before = ledger.position(connection, Ledger.JOURNAL);
        if (takeable(before, rows(connection, before, 1), nowMs) == 0) {
            return false;
        }
        int[] taken = {0};
        ledger.write(connection, held -> {
            long behind = ledger.locked(held, Ledger.JOURNAL);
            List<Row> rows = rows(held, behind, AT_ONCE);
            taken[0] = takeable(behind, rows, nowMs);
            if (taken[0] > 0) {
                ledger.move(held, Ledger.JOURNAL, rows.get(taken[0] - 1).ordering);
            }
            return lines(rows.subList(0, taken[0]));
        });
        return taken[0] == AT_ONCE;
    }

    private String sql(String text) {
        return text.replace("\"", quote);
    }

    private long highest(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql("SELECT MAX(\"ordering\") FROM \"event_journal\""))) {
            row.next();
            return row.getLong(1);
        }
    }

    private List<Row> rows(Connection connection, long behind, int most) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql(
                "SELECT \"ordering\", \"persistence_id\", \"sequence_number\", \"write_timestamp\", \"event_ser_id\","
                        + " \"event_ser_manifest\", \"event_payload\" FROM \"event_journal\" WHERE \"ordering\" > ?"
                        + " ORDER BY \"ordering\" LIMIT " + most))) {
            select.setLong(1, behind);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(
                            row.getLong(1),
                            row.getString(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getInt(5),
                            row.getString(6),
                            row.getBytes(7)));
                }
            }
        }
        return rows;
    }

    /** How many of them can be taken: up to a gap that may still be filled. */
    private int takeable(long behind, List<Row> rows, long nowMs) {
        long last = behind;
        int taken = 0;
        for (Row row : rows) {
            boolean gap = row.ordering != last + 1;
            boolean old = row.writtenMs > 0 && nowMs - row.writtenMs > OLD_MS;
            if (gap && !old && !settled.isSettled(row.ordering)) {
                return taken;
            }
            last = row.ordering;
            taken++;
        }
        return taken;
    }

    private List<Line> lines(List<Row> rows) {
        List<Line> lines = new ArrayList<>();
        for (Row row : rows) {
            String destination = DestinationJournal.destinationOf(row.persistenceId);
            Recorded recorded = destination == null ? null : recorded(row);
            if (recorded != null && recorded.kind() != Recorded.Kind.COUNT) {
                lines.add(new Line(entry(destination, recorded), row.persistenceId, row.sequence));
            }
        }
        return lines;
    }

    /** Null for what is none, or is of a form that this program does not know. */
    private Recorded recorded(Row row) {
        if (row.serializer != serializer.identifier()) {
            return null;
        }
        try {
            return serializer.fromBinary(row.bytes, row.manifest) instanceof Recorded recorded ? recorded : null;
        } catch (NotSerializableException e) {
            if (!unreadable) {
                LOG.warn("a record of {} is left out of the history: {}", row.persistenceId, e.getMessage());
            }
            unreadable = true;
            return null;
        }
    }

    private HistoryEntry entry(String destination, Recorded recorded) {
        boolean removed = recorded.kind() == Recorded.Kind.REMOVED;
        Status status = recorded.status();
        // Where nobody is known who removed it, the status tells of what was before.
        boolean told = !removed || status.why().startsWith(Status.WITHDRAWN);
        return new HistoryEntry(
                0,
                recorded.atMs(),
                HistoryEntry.Kind.STATUS,
                destination,
                status.state().text(),
                status.busy(),
                removed ? "removed" : "status",
                told ? status.who() : "",
                told ? status.why() : Status.WITHDRAWN,
                status.version().term() + "." + status.version().change(),
                names.apply(status.version().node()));
    }
}
