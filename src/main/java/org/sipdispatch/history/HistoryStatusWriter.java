package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sipdispatch.destination.JournalEntry;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.destination.Targets;

/**
 * Turns journal records into history lines, in a transaction that holds the history's lock. A record older than the
 * newest version taken in before is marked as superseded: a paused node may write it after its successor. So the last
 * unmarked line of a destination always shows its newest version.
 */
final class HistoryStatusWriter {
    private final HistorySequence sequence;
    private final NodeAddresses addresses;

    HistoryStatusWriter(HistorySequence sequence, NodeAddresses addresses) {
        this.sequence = sequence;
        this.addresses = addresses;
    }

    /** A journal record and its destination. */
    record JournalRecord(String source, long number, String destination, JournalEntry recorded) {
        StatusVersion version() {
            return recorded.status().version();
        }

        boolean isCounterUpdate() {
            return recorded.cause() == JournalEntry.ChangeCause.COUNT;
        }

        /** The record contains the order's name only: the state began before it. */
        boolean isOrderWithoutEffect() {
            return recorded.cause() == JournalEntry.ChangeCause.OPERATOR
                    && recorded.status().sinceMs() < recorded.atMs();
        }

        boolean isRemoved() {
            return recorded.cause() == JournalEntry.ChangeCause.REMOVED
                    || recorded.status().removed();
        }

        String shown() {
            return NewestRecord.shown(
                    isRemoved(),
                    recorded.status().state().text(),
                    recorded.status().busy());
        }
    }

    /**
     * The lines of the records; counter updates and orders without effect have none.
     *
     * @param late whether later records were taken in before
     */
    List<PendingEntry> of(Connection held, List<JournalRecord> all, boolean late) throws SQLException {
        if (all.isEmpty()) {
            return List.of();
        }
        NewestRecordTable table = new NewestRecordTable(held);
        Map<String, NewestRecord> known =
                table.read(all.stream().map(JournalRecord::source).collect(Collectors.toSet()));
        Map<String, NewestRecord> changed = new HashMap<>();
        long nowMs = sequence.nowMs(held);
        List<PendingEntry> lines = new ArrayList<>();
        for (JournalRecord change : all) {
            NewestRecord before = changed.getOrDefault(change.source(), known.get(change.source()));
            // A second actor continues the sequence numbers of the first. A lower number means that the journal was
            // deleted.
            NewestRecord last =
                    before != null && !late && change.number() <= before.number() ? before.afterDeletion() : before;
            boolean superseded = last != null && last.version().isAfter(change.version());
            PendingEntry line = null;
            if (makesLine(change, last, superseded)) {
                long atMs = HistorySequence.sortMs(change.recorded().atMs(), nowMs);
                long sortMs = superseded ? between(table, change, atMs, lines) : notBefore(last, atMs);
                line = new PendingEntry(
                        entry(held, change, superseded), change.source(), change.number(), change.version(), sortMs);
                lines.add(line);
            }
            changed.put(change.source(), next(change, last, line));
        }
        table.write(changed);
        return lines;
    }

    /**
     * A counter update produces a line only if the status below it differs from the last line: its status was recorded
     * as superseded. In that case an actor that started without its journal has adopted the journal's status. An order
     * without effect, such as the release of a destination that is not on hold, produces none: its own entry reports
     * it.
     */
    private static boolean makesLine(JournalRecord change, NewestRecord last, boolean superseded) {
        boolean same = last != null && !superseded && last.shown().equals(change.shown());
        return change.isCounterUpdate()
                ? last != null && !superseded && !same
                : !(same && change.isOrderWithoutEffect());
    }

    /** The order of versions takes precedence over clocks. */
    private static long notBefore(NewestRecord last, long atMs) {
        return last == null ? atMs : Math.max(atMs, last.sortMs());
    }

    /**
     * The time of the record, limited to the interval between the next older and the next newer version of the
     * destination.
     */
    private static long between(NewestRecordTable table, JournalRecord change, long atMs, List<PendingEntry> lines)
            throws SQLException {
        long least = table.nextOlderMs(change.source(), change.version());
        long most = table.nextNewerMs(change.source(), change.version());
        for (PendingEntry line : lines) {
            if (line.source().equals(change.source())) {
                boolean newer = line.version().isAfter(change.version());
                most = newer ? Math.min(most, line.sortMs()) : most;
                least = newer ? least : Math.max(least, line.sortMs());
            }
        }
        return Math.min(most, Math.max(least, atMs));
    }

    private static NewestRecord next(JournalRecord change, NewestRecord last, PendingEntry line) {
        long sortMs = Math.max(last == null ? 0 : last.sortMs(), line == null ? 0 : line.sortMs());
        if (last != null && last.version().isAfter(change.version())) {
            return new NewestRecord(last.version(), Math.max(last.number(), change.number()), last.shown(), sortMs);
        }
        long number = Math.max(last == null ? 0 : last.number(), change.number());
        return new NewestRecord(change.version(), number, change.shown(), sortMs);
    }

    private HistoryEntry entry(Connection held, JournalRecord change, boolean superseded) throws SQLException {
        Status status = change.recorded().status();
        // Without a known author of the removal, the status still holds the author of the change before.
        boolean named = !change.isRemoved() || status.why().startsWith(Status.WITHDRAWN);
        Targets.Change ofTargets = status.targets().last();
        boolean isOfTarget = !change.isRemoved() && ofTargets.atMs() > status.sinceMs();
        return new HistoryEntry(
                0,
                change.recorded().atMs(),
                HistoryEntry.HistoryEntryType.STATUS,
                change.destination(),
                status.state().text(),
                status.busy(),
                change.isRemoved() ? "removed" : "status",
                isOfTarget ? ofTargets.who() : named ? status.who() : "",
                isOfTarget ? ofTargets.text() : named ? status.why() : Status.WITHDRAWN,
                status.version().term() + "." + status.version().change(),
                addresses.of(held, status.version().node()),
                superseded);
    }
}
