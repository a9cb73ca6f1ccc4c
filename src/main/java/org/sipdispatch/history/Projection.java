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
 * Takes what the journals of destinations tell into the history, each record once: how far it came is written in the
 * same transaction, and read there, whoever does it. For one thread at a time.
 */
final class Projection {
    private static final Logger LOG = LoggerFactory.getLogger(Projection.class);
    private static final int AT_ONCE = 200;
    private static final long SECOND = 1_000_000_000L;
    /** Between taking its number and being there, a record has time for two answers of the database, 10 s each. */
    private static final long GAP_NANOS = 25 * SECOND;
    /** Where the database tells that nobody writes any more who wrote when the gap was seen. */
    private static final long SHORT_GAP_NANOS = 5 * SECOND;
    /** A record that old, by a clock that may be wrong by almost as much, has nothing coming below it. */
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
    /** The highest number that was there at the first look: only up to it a record can be older than this projection. */
    private long found = UNKNOWN;

    private boolean unreadable;

    /**
     * Begins where the one before was.
     *
     * @param names the addresses of nodes by their numbers in versions
     */
    Projection(Ledger ledger, Database.Kind kind, LongFunction<String> names) {
        this.ledger = ledger;
        this.lines = new StatusLines(ledger, new NodeAddresses(names));
        this.journal = new JournalTable(kind);
        this.settled = new Settled(kind == Database.Kind.H2 ? SECOND : SHORT_GAP_NANOS, GAP_NANOS);
    }

    /** What was taken in, behind that number. */
    private record Taken(long behind, List<Row> rows) {}

    /**
     * Takes in the next records.
     *
     * @param nowMs in milliseconds since 1970
     * @param nowNanos of a clock that nobody sets
     * @return whether there may be more at once
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
        // Looked at before anybody is held up.
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
            // Here: what fails behind the commit must not make it forgotten, and to look again does no harm.
            passedBy(taken[0], nowNanos);
            return lines.of(held, told(taken[0].rows), false);
        });
        taken[0].rows.forEach(row -> missing.took(row.persistenceId(), row.sequence()));
        return taken[0];
    }

    /** How many of them can be taken: up to a gap that may still be filled. */
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
                LOG.debug("nothing came for the numbers {} to {} of the journal", last + 1, row.ordering() - 1);
                passed.add(last, row.ordering() - 1, nowNanos);
            }
            last = row.ordering();
        }
    }

    private void tellOfMissing() {
        long missed = missing.take();
        if (missed > 0) {
            LOG.warn(
                    "up to {} changes are not in the history: they were deleted from the journal before they were taken in,"
                            + " see journal.snapshot-every and journal.keep-snapshots",
                    missed);
        }
    }

    /** What is there by now comes into the history behind what it was before, once. */
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
            // Looked at once more where nobody else can write.
            ledger.write(connection, held -> lines.of(held, fresh(held, late), true));
            missing.found(late.size());
            LOG.warn(
                    "{} changes were written so late that they stand in the history behind what came after",
                    late.size());
        }
    }

    /** Of those that have lines, the ones that are not there. */
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

    /** Null for what is none, or is of a form that this program does not know. */
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
