package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sipdispatch.destination.Recorded;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.Version;

/**
 * Makes lines of what the journals tell, in one transaction of whoever holds the history's row. What is older than the
 * newest version that was taken in before is marked: a node that was paused may write it behind its successor. So the
 * last line of a destination that is not marked is always of its newest version.
 */
final class StatusLines {
    private final Ledger ledger;
    private final NodeAddresses addresses;

    StatusLines(Ledger ledger, NodeAddresses addresses) {
        this.ledger = ledger;
        this.addresses = addresses;
    }

    /** A record of the journal of that destination. */
    record Told(String source, long number, String destination, Recorded recorded) {
        Version version() {
            return recorded.status().version();
        }

        boolean isCount() {
            return recorded.kind() == Recorded.Kind.COUNT;
        }

        boolean isRemoved() {
            return recorded.kind() == Recorded.Kind.REMOVED || recorded.status().removed();
        }

        String shown() {
            return Newest.shown(
                    isRemoved(),
                    recorded.status().state().text(),
                    recorded.status().busy());
        }
    }

    /**
     * The lines of those records; counters have none.
     *
     * @param late whether records behind these were taken in before
     */
    List<Line> of(Connection held, List<Told> all, boolean late) throws SQLException {
        if (all.isEmpty()) {
            return List.of();
        }
        NewestTable table = new NewestTable(held);
        Map<String, Newest> known = table.read(all.stream().map(Told::source).collect(Collectors.toSet()));
        Map<String, Newest> changed = new HashMap<>();
        long nowMs = ledger.nowMs(held);
        List<Line> lines = new ArrayList<>();
        for (Told told : all) {
            Newest before = changed.getOrDefault(told.source(), known.get(told.source()));
            // Whoever writes behind another one's records numbers on from there; so this journal was deleted.
            Newest last = before != null && !late && told.number() <= before.number() ? before.begunAnew() : before;
            boolean superseded = last != null && last.version().isAfter(told.version());
            Line line = null;
            if (isShown(told, last, superseded)) {
                long atMs = Ledger.sortMs(told.recorded().atMs(), nowMs);
                long sortMs = superseded ? between(table, told, atMs, lines) : behind(last, atMs);
                line = new Line(entry(held, told, superseded), told.source(), told.number(), told.version(), sortMs);
                lines.add(line);
            }
            changed.put(told.source(), next(told, last, line));
        }
        table.write(changed);
        return lines;
    }

    /**
     * A counter shows nothing new, unless what it counts on was written down as superseded: an actor that began without
     * its journal took up then what that knew.
     */
    private static boolean isShown(Told told, Newest last, boolean superseded) {
        boolean news = last != null && !superseded && !last.shown().equals(told.shown());
        return !told.isCount() || news;
    }

    /** Versions go before clocks. */
    private static long behind(Newest last, long atMs) {
        return last == null ? atMs : Math.max(atMs, last.sortMs());
    }

    /** When it happened, but between the next older and the next newer version of the same destination. */
    private static long between(NewestTable table, Told told, long atMs, List<Line> lines) throws SQLException {
        long least = table.nextOlderMs(told.source(), told.version());
        long most = table.nextNewerMs(told.source(), told.version());
        for (Line line : lines) {
            if (line.source().equals(told.source())) {
                boolean newer = line.version().isAfter(told.version());
                most = newer ? Math.min(most, line.sortMs()) : most;
                least = newer ? least : Math.max(least, line.sortMs());
            }
        }
        return Math.min(most, Math.max(least, atMs));
    }

    private static Newest next(Told told, Newest last, Line line) {
        long sortMs = Math.max(last == null ? 0 : last.sortMs(), line == null ? 0 : line.sortMs());
        if (last != null && last.version().isAfter(told.version())) {
            return new Newest(last.version(), Math.max(last.number(), told.number()), last.shown(), sortMs);
        }
        long number = Math.max(last == null ? 0 : last.number(), told.number());
        return new Newest(told.version(), number, told.shown(), sortMs);
    }

    private HistoryEntry entry(Connection held, Told told, boolean superseded) throws SQLException {
        Status status = told.recorded().status();
        // Where nobody is known who removed it, the status tells of what was before.
        boolean named = !told.isRemoved() || status.why().startsWith(Status.WITHDRAWN);
        return new HistoryEntry(
                0,
                told.recorded().atMs(),
                HistoryEntry.Kind.STATUS,
                told.destination(),
                status.state().text(),
                status.busy(),
                told.isRemoved() ? "removed" : "status",
                named ? status.who() : "",
                named ? status.why() : Status.WITHDRAWN,
                status.version().term() + "." + status.version().change(),
                addresses.of(held, status.version().node()),
                superseded);
    }
}
