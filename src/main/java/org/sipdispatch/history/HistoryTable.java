package org.sipdispatch.history;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.destination.DestinationJournal;

/** Reads and inserts rows of {@code sip_dispatcher_history}. */
final class HistoryTable {
    private static final String COLUMNS =
            "id, at_ms, kind, destination, state, busy, what, who, why, version, node, superseded";
    private static final int SHORT = 16;
    private static final int SHORT_TEXT = 64;
    private static final int TEXT = 255;
    private static final int SENTENCE = 1024;
    private static final int MOST = 1000;

    private HistoryTable() {}

    /**
     * Inserts the lines with consecutive ids.
     *
     * @param firstId the id of the first line
     * @param ascii whether to replace other characters by question marks, for a database that rejects them
     */
    static void insert(Connection connection, List<PendingEntry> lines, long firstId, boolean ascii)
            throws SQLException {
        Charset charset = ascii ? StandardCharsets.US_ASCII : StandardCharsets.UTF_8;
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO sip_dispatcher_history (" + COLUMNS
                + ", source_id, source_number, term, node_number, change_number, sort_ms)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            long id = firstId;
            for (PendingEntry line : lines) {
                HistoryEntry entry = line.entry();
                insert.setLong(1, id++);
                insert.setLong(2, entry.atMs());
                insert.setString(3, entry.type().name());
                insert.setString(4, fit(DestinationJournal.journalName(entry.destination()), TEXT, charset));
                insert.setString(5, fit(entry.state(), SHORT, charset));
                insert.setBoolean(6, entry.busy());
                insert.setString(7, fit(entry.what(), SHORT_TEXT, charset));
                insert.setString(8, fit(entry.who(), TEXT, charset));
                insert.setString(9, fit(entry.why(), SENTENCE, charset));
                insert.setString(10, fit(entry.version(), SHORT_TEXT, charset));
                insert.setString(11, fit(entry.node(), TEXT, charset));
                insert.setBoolean(12, entry.superseded());
                insert.setString(13, line.source());
                insert.setLong(14, line.number());
                insert.setLong(15, line.version().term());
                insert.setLong(16, line.version().node());
                insert.setLong(17, line.version().change());
                insert.setLong(18, line.sortMs());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static String fit(String text, int most) {
        return fit(text, most, StandardCharsets.UTF_8);
    }

    /** Makes a text fit for every database: no longer than the column, no NUL, no unpaired surrogate. */
    static String fit(String text, int most, Charset charset) {
        if (text == null) {
            return "";
        }
        String cut = text.length() <= most ? text : text.substring(0, most);
        return new String(cut.replace('\0', ' ').getBytes(charset), charset);
    }

    /** The highest number of the source; -1 if it has no line. */
    static long highestNumber(Connection connection, String source) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT MAX(source_number) FROM sip_dispatcher_history WHERE source_id = ?")) {
            select.setString(1, source);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                long number = row.getLong(1);
                return row.wasNull() ? -1 : number;
            }
        }
    }

    /** Whether the line with that source and number exists, under any id. */
    static boolean exists(Connection connection, String source, long number) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT 1 FROM sip_dispatcher_history WHERE source_id = ? AND source_number = ?")) {
            select.setString(1, source);
            select.setLong(2, number);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    static List<HistoryEntry> read(Connection connection, HistoryQuery query) throws SQLException {
        List<Object> values = new ArrayList<>();
        boolean isList = query.after() == 0;
        String conditions = conditions(query, values) + before(connection, query, values);
        String order = isList ? HistorySortKey.ORDER : "id ASC";
        try (PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM sip_dispatcher_history WHERE 1 = 1" + conditions + " ORDER BY " + order + " LIMIT "
                + Math.max(1, Math.min(query.most(), MOST)))) {
            for (int i = 0; i < values.size(); i++) {
                select.setObject(i + 1, values.get(i));
            }
            List<HistoryEntry> entries = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(entry(row));
                }
            }
            return entries;
        }
    }

    private static String conditions(HistoryQuery query, List<Object> values) {
        StringBuilder text = new StringBuilder();
        String destination = query.destination() == null ? null : DestinationJournal.journalName(query.destination());
        add(text, values, " AND destination = ?", destination == null ? null : fit(destination, TEXT));
        add(text, values, " AND destination LIKE ? ESCAPE '!'", pattern("", query.idPrefix()));
        add(text, values, " AND who LIKE ? ESCAPE '!'", pattern("%", query.who()));
        add(text, values, " AND at_ms >= ?", query.fromMs() == 0 ? null : query.fromMs());
        add(text, values, " AND at_ms < ?", query.untilMs() == 0 ? null : query.untilMs());
        add(text, values, " AND id > ?", query.after() == 0 ? null : query.after());
        return text.toString();
    }

    /** The condition for {@link HistoryQuery#before}, in the sort order of the query. */
    private static String before(Connection connection, HistoryQuery query, List<Object> values) throws SQLException {
        if (query.before() == 0) {
            return "";
        }
        HistorySortKey key = query.after() == 0 ? HistorySortKey.of(connection, query.before()) : null;
        if (key != null) {
            return key.conditionAfter(values);
        }
        values.add(query.before());
        return " AND id < ?";
    }

    private static void add(StringBuilder text, List<Object> values, String condition, Object value) {
        if (value != null) {
            text.append(condition);
            values.add(value);
        }
    }

    private static String pattern(String before, String part) {
        return part == null
                ? null
                : before + fit(part, TEXT).replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
    }

    private static HistoryEntry entry(ResultSet row) throws SQLException {
        return new HistoryEntry(
                row.getLong(1),
                row.getLong(2),
                HistoryEntry.HistoryEntryType.valueOf(row.getString(3)),
                row.getString(4),
                row.getString(5),
                row.getBoolean(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                row.getBoolean(12));
    }
}
