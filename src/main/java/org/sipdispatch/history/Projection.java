package org.sipdispatch.history;

import java.io.NotSerializableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.sipdispatch.database.Database;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.Recorded;
import org.sipdispatch.destination.RecordedSerializer;
import org.sipdispatch.history.JournalTable.Row;
import org.sipdispatch.history.StatusLines.Told;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the journal records of destinations into the history, each exactly once: the offset is read and written in the
 * same transaction. Not thread-safe.
 */
final class Projection {
    private static final Logger LOG = LoggerFactory.getLogger(Projection.class);
    private static final int AT_ONCE = 200;
    private static final long SECOND = 1_000_000_000L;
    /**
     * The longest time between the allocation of a record's number and its commit: two database timeouts of 10 s each.
     */
    private static final long GAP_NANOS = 25 * SECOND;
    /** The wait if the database shows that all transactions that ran when the gap was seen have ended. */
    private static final long SHORT_GAP_NANOS = 5 * SECOND;
    /** Below a record of this age no insert can still be running, even if a clock is wrong by almost as much. */
    private static final long OLD_MS = 60_000;

    private static final long LOOK_NANOS = 30 * SECOND;
    private static final long KEEP_LOOKING_NANOS = 600 * SECOND;
    private static final long UNKNOWN = -1;

    private final Ledger ledger;
    private final StatusLines lines;
    private final JournalTable journal;
    private final RecordedSerializer serializer = new RecordedSerializer();
    private final Settled settled;
    private final Passed passed = new Passed(LOOK_NANOS, KEEP_LOOKING_NANOS);
    private final Missing missing = new Missing();
    /** The highest number at the first step. Only records up to it can be older than this projection. */
    private long found = UNKNOWN;

    private boolean unreadable;

    /**
     * Continues at the stored offset.
     *
     * @param names maps the node number in a version to the node's address
     */
    Projection(Ledger ledger, Database.Kind kind, LongFunction<String> names) {
        this.ledger = ledger;
        this.lines = new StatusLines(ledger, new NodeAddresses(names));
        this.journal = new JournalTable(kind);
        this.settled = new Settled(kind == Database.Kind.H2 ? SECOND : SHORT_GAP_NANOS, GAP_NANOS);
    }

    /** The rows taken in after the number {@code behind}. */
    private record Taken(long behind, List<Row> rows) {}

    /**
     * Takes in the next records.
     *
     * @param nowMs in milliseconds since 1970
     * @param nowNanos of a monotonic clock
     * @return whether there may be more records at once
     */
    boolean step(Connection connection, long nowMs, long nowNanos) throws SQLException {
        long highest = journal.highest(connection);
        found = found == UNKNOWN ? highest : found;
        settled.saw(highest, journal.writing(connection), nowNanos);
        ledger.makeRow(connection, Ledger.JOURNAL);
        for (Passed.Range range : passed.due(nowNanos)) {
            lookAgain(connection, range);
            passed.lookedFor(range, nowNanos);
        }
        // Checked before the lock is taken, which would hold up other writers.
        long before = ledger.position(connection, Ledger.JOURNAL);
        if (takeable(before, journal.rows(connection, before, highest, 1), nowMs) == 0) {
            tellOfMissing();
            return false;
        }
        Taken taken = take(connection, highest, nowMs, nowNanos);
        return taken.rows.size() == AT_ONCE;
    }

    private Taken take(Connection connection, long highest, long nowMs, long nowNanos) throws SQLException {
        Taken[] taken = new Taken[1];
        ledger.write(connection, held -> {
            long behind = ledger.locked(held, Ledger.JOURNAL);
            List<Row> rows = journal.rows(held, behind, highest, AT_ONCE);
            taken[0] = new Taken(behind, rows.subList(0, takeable(behind, rows, nowMs)));
            if (!taken[0].rows.isEmpty()) {
                ledger.move(
                        held, Ledger.JOURNAL, rows.get(taken[0].rows.size() - 1).ordering());
            }
            // Inside the transaction: an error after the commit must not lose the gap, and to read a gap again does no
            // harm.
            passedBy(taken[0], nowNanos);
            return lines.of(held, told(taken[0].rows), false);
        });
        taken[0].rows.forEach(row -> missing.took(row.persistenceId(), row.sequence()));
        return taken[0];
    }

    /** The number of rows before the first gap that may still be filled. */
    private int takeable(long behind, List<Row> rows, long nowMs) {
        long last = behind;
        int taken = 0;
        for (Row row : rows) {
            boolean gap = row.ordering() != last + 1;
            if (gap && !isOld(row, nowMs) && !settled.isSettled(row.ordering())) {
                return taken;
            }
            last = row.ordering();
            taken++;
        }
        return taken;
    }

    private boolean isOld(Row row, long nowMs) {
        return row.ordering() <= found && row.writtenMs() > 0 && nowMs - row.writtenMs() > OLD_MS;
    }

    private void passedBy(Taken taken, long nowNanos) {
        long last = taken.behind;
        for (Row row : taken.rows) {
            if (row.ordering() != last + 1) {
                LOG.debug("no records arrived for the journal's numbers {} to {}", last + 1, row.ordering() - 1);
                passed.add(last, row.ordering() - 1, nowNanos);
            }
            last = row.ordering();
        }
    }

    private void tellOfMissing() {
        long missed = missing.take();
        if (missed > 0) {
            LOG.warn(
                    "up to {} changes are missing from the history: the journal deleted them before they were taken in,"
                            + " see journal.snapshot-every and journal.keep-snapshots",
                    missed);
        }
    }

    /** Takes in late records of a gap, each once. They follow in the history after records that are newer. */
    private void lookAgain(Connection connection, Passed.Range range) throws SQLException {
        long behind = range.behind();
        List<Row> rows;
        do {
            rows = journal.rows(connection, behind, range.upTo(), AT_ONCE);
            if (!rows.isEmpty()) {
                takeLate(connection, rows);
                behind = rows.get(rows.size() - 1).ordering();
            }
        } while (rows.size() == AT_ONCE);
    }

    private void takeLate(Connection connection, List<Row> rows) throws SQLException {
        List<Told> late = fresh(connection, told(rows));
        if (!late.isEmpty()) {
            // Checked again under the lock, where no other node can write.
            ledger.write(connection, held -> lines.of(held, fresh(held, late), true));
            missing.found(late.size());
            LOG.warn("{} changes were written late and follow newer changes in the history", late.size());
        }
    }

    /** The records that produce lines and are not in the history yet. */
    private static List<Told> fresh(Connection connection, List<Told> all) throws SQLException {
        List<Told> fresh = new ArrayList<>();
        for (Told told : all) {
            if (!told.isCount() && !Entries.isThere(connection, told.source(), told.number())) {
                fresh.add(told);
            }
        }
        return fresh;
    }

    private List<Told> told(List<Row> rows) {
        List<Told> told = new ArrayList<>();
        for (Row row : rows) {
            String destination = DestinationJournal.destinationOf(row.persistenceId());
            Recorded recorded = destination == null ? null : recorded(row);
            if (recorded != null) {
                told.add(new Told(row.persistenceId(), row.sequence(), destination, recorded));
            }
        }
        return told;
    }

    /** The record in a row; null if it is of another serializer or of an unknown format. */
    private Recorded recorded(Row row) {
        if (row.serializer() != serializer.identifier()) {
            return null;
        }
        try {
            return serializer.fromBinary(row.bytes(), row.manifest()) instanceof Recorded recorded ? recorded : null;
        } catch (NotSerializableException e) {
            if (!unreadable) {
                LOG.warn("a record of {} is left out of the history: {}", row.persistenceId(), e.getMessage());
            }
            unreadable = true;
            return null;
        }
    }
}
