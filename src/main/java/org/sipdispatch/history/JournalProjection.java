package org.sipdispatch.history;

import java.io.NotSerializableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.sipdispatch.database.Database;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.JournalEntry;
import org.sipdispatch.destination.JournalEntrySerializer;
import org.sipdispatch.history.HistoryStatusWriter.JournalRecord;
import org.sipdispatch.history.JournalTable.JournalRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the journal records of destinations into the history, each exactly once: the offset is read and written in the
 * same transaction. Not thread-safe.
 */
final class JournalProjection {
    private static final Logger LOG = LoggerFactory.getLogger(JournalProjection.class);
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

    private final HistorySequence sequence;
    private final HistoryStatusWriter lines;
    private final JournalTable journal;
    private final JournalEntrySerializer serializer = new JournalEntrySerializer();
    private final GapWatermark watermark;
    private final JournalGaps gaps = new JournalGaps(LOOK_NANOS, KEEP_LOOKING_NANOS);
    private final LostRecordCounter missing = new LostRecordCounter();
    /** The highest number at the first step. Only records up to it can be older than this projection. */
    private long highestAtStart = UNKNOWN;
    /** The position after the last records that this projection took. */
    private long lastTaken = UNKNOWN;

    private boolean unreadable;

    /**
     * Continues at the stored offset.
     *
     * @param names maps the node number in a version to the node's address
     */
    JournalProjection(HistorySequence sequence, Database.DatabaseProduct product, LongFunction<String> names) {
        this.sequence = sequence;
        this.lines = new HistoryStatusWriter(sequence, new NodeAddresses(names));
        this.journal = new JournalTable(product);
        this.watermark = new GapWatermark(product == Database.DatabaseProduct.H2 ? SECOND : SHORT_GAP_NANOS, GAP_NANOS);
    }

    /** The rows taken in after the number {@code behind}. */
    private record JournalBatch(long behind, List<JournalRow> rows) {}

    /**
     * Takes in the next records.
     *
     * @param nowMs in milliseconds since 1970
     * @param nowNanos of a monotonic clock
     * @return whether there may be more records at once
     */
    boolean step(Connection connection, long nowMs, long nowNanos) throws SQLException {
        long highest = journal.highest(connection);
        highestAtStart = highestAtStart == UNKNOWN ? highest : highestAtStart;
        watermark.observe(highest, journal.runningTransactions(connection), nowNanos);
        sequence.ensureRow(connection, HistorySequence.JOURNAL);
        for (JournalGaps.Range range : gaps.due(nowNanos)) {
            rereadGap(connection, range);
            gaps.onReread(range, nowNanos);
        }
        // Checked before the lock is taken, which would hold up other writers.
        long before = sequence.position(connection, HistorySequence.JOURNAL);
        if (takeableCount(before, journal.rows(connection, before, highest, 1), nowMs) == 0) {
            logMissing();
            return false;
        }
        JournalBatch taken = take(connection, highest, nowMs, nowNanos);
        return taken.rows.size() == AT_ONCE;
    }

    private JournalBatch take(Connection connection, long highest, long nowMs, long nowNanos) throws SQLException {
        JournalBatch[] taken = new JournalBatch[1];
        sequence.write(connection, held -> {
            long behind = sequence.lockedPosition(held, HistorySequence.JOURNAL);
            List<JournalRow> rows = journal.rows(held, behind, highest, AT_ONCE);
            taken[0] = new JournalBatch(behind, rows.subList(0, takeableCount(behind, rows, nowMs)));
            if (!taken[0].rows.isEmpty()) {
                sequence.advance(
                        held,
                        HistorySequence.JOURNAL,
                        rows.get(taken[0].rows.size() - 1).ordering());
            }
            // Inside the transaction: an error after the commit must not lose the gap, and to read a gap again does no
            // harm.
            rememberGaps(taken[0], nowNanos);
            return lines.of(held, records(taken[0].rows), false);
        });
        countMissing(taken[0]);
        return taken[0];
    }

    private void countMissing(JournalBatch taken) {
        if (taken.behind != lastTaken) {
            // Another node's projection took the records in between.
            missing.forgetSequences();
        }
        lastTaken = taken.behind;
        for (JournalRow row : taken.rows) {
            missing.onRecord(row.persistenceId(), row.sequence());
            lastTaken = row.ordering();
        }
    }

    /** The number of rows before the first gap that may still be filled. */
    private int takeableCount(long behind, List<JournalRow> rows, long nowMs) {
        long last = behind;
        int taken = 0;
        for (JournalRow row : rows) {
            boolean gap = row.ordering() != last + 1;
            if (gap && !isOld(row, nowMs) && !watermark.isComplete(row.ordering())) {
                return taken;
            }
            last = row.ordering();
            taken++;
        }
        return taken;
    }

    private boolean isOld(JournalRow row, long nowMs) {
        return row.ordering() <= highestAtStart && row.writtenMs() > 0 && nowMs - row.writtenMs() > OLD_MS;
    }

    private void rememberGaps(JournalBatch taken, long nowNanos) {
        long last = taken.behind;
        for (JournalRow row : taken.rows) {
            if (row.ordering() != last + 1) {
                LOG.debug("no records arrived for the journal's numbers {} to {}", last + 1, row.ordering() - 1);
                gaps.add(last, row.ordering() - 1, nowNanos);
            }
            last = row.ordering();
        }
    }

    private void logMissing() {
        long missed = missing.takeCount();
        if (missed > 0) {
            LOG.warn(
                    "up to {} changes are missing from the history: the journal deleted them before they were copied,"
                            + " see journal.snapshot-every and journal.keep-snapshots",
                    missed);
        }
    }

    /** Takes in late records of a gap, each once. They follow in the history after records that are newer. */
    private void rereadGap(Connection connection, JournalGaps.Range range) throws SQLException {
        long behind = range.behind();
        List<JournalRow> rows;
        do {
            rows = journal.rows(connection, behind, range.upTo(), AT_ONCE);
            if (!rows.isEmpty()) {
                takeLate(connection, rows);
                behind = rows.get(rows.size() - 1).ordering();
            }
        } while (rows.size() == AT_ONCE);
    }

    private void takeLate(Connection connection, List<JournalRow> rows) throws SQLException {
        List<JournalRecord> late = notStored(connection, records(rows));
        if (!late.isEmpty()) {
            // Checked again under the lock, where no other node can write.
            sequence.write(connection, held -> lines.of(held, notStored(held, late), true));
            missing.subtractLate(late.size());
            LOG.warn("{} changes were written late and follow newer changes in the history", late.size());
        }
    }

    /** The records that produce lines and are not in the history yet. */
    private static List<JournalRecord> notStored(Connection connection, List<JournalRecord> all) throws SQLException {
        List<JournalRecord> fresh = new ArrayList<>();
        for (JournalRecord one : all) {
            if (!one.isCounterUpdate() && !HistoryTable.exists(connection, one.source(), one.number())) {
                fresh.add(one);
            }
        }
        return fresh;
    }

    private List<JournalRecord> records(List<JournalRow> rows) {
        List<JournalRecord> changes = new ArrayList<>();
        for (JournalRow row : rows) {
            String destination = DestinationJournal.destinationOf(row.persistenceId());
            JournalEntry recorded = destination == null ? null : recorded(row);
            if (recorded != null) {
                changes.add(new JournalRecord(row.persistenceId(), row.sequence(), destination, recorded));
            }
        }
        return changes;
    }

    /** The record in a row; null if it is of another serializer or of an unknown format. */
    private JournalEntry recorded(JournalRow row) {
        if (row.serializer() != serializer.identifier()) {
            return null;
        }
        try {
            return serializer.fromBinary(row.bytes(), row.manifest()) instanceof JournalEntry recorded
                    ? recorded
                    : null;
        } catch (NotSerializableException e) {
            if (!unreadable) {
                LOG.warn("a record of {} is left out of the history: {}", row.persistenceId(), e.getMessage());
            }
            unreadable = true;
            return null;
        }
    }
}
