package org.sipdispatch.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

/**
 * Puts and removes single rows of a partition's table, each in one transaction. A row is found by set, URI and socket, as
 * rows are when they are read; of several equal rows none is changed.
 */
final class TableRows {
    /** What a put may set in a row that exists; its state belongs to the destination's actor. */
    private static final List<Column> CHANGEABLE =
            List.of(Column.WEIGHT, Column.PRIORITY, Column.ATTRS, Column.DESCRIPTION);

    private static final List<Column> INSERTED = List.of(
            Column.SETID,
            Column.DESTINATION,
            Column.SOCKET,
            Column.STATE,
            Column.WEIGHT,
            Column.PRIORITY,
            Column.ATTRS,
            Column.DESCRIPTION);

    private final JdbcTable table;
    private final Connection connection;
    private final RowSockets sockets;

    TableRows(JdbcTable table, Connection connection, RowSockets sockets) {
        this.table = table;
        this.connection = connection;
        this.sockets = sockets;
    }

    /**
     * A row as stored, because its notation may differ from the destination's.
     *
     * @param id null if the table has no such column
     */
    private record StoredRow(Object id, String uri, String socket) {
        /** The values that a condition compares in addition to the set. */
        private List<Object> values() {
            if (id != null) {
                return List.of(id);
            }
            return socket == null ? List.of(uri) : List.of(uri, socket);
        }
    }

    boolean has(Destination destination) throws SQLException {
        return find(destination) != null;
    }

    /** Changes the {@code given} fields in the row of the destination, or inserts it if there is none. */
    void put(Definition row, List<String> given) throws SQLException {
        String socket = row.destination().socket();
        if (sockets.isLeftOut(socket)) {
            throw new SettingException("socket", socket, "a socket of this node, with only_own_sockets = on");
        }
        connection.setAutoCommit(false);
        StoredRow stored = find(row.destination());
        Map<Column, Object> values = values(row);
        List<Column> changed = CHANGEABLE.stream()
                .filter(column -> given.contains(column.standard()))
                .toList();
        if (stored == null) {
            run(
                    "INSERT INTO " + table.name() + " (" + names(INSERTED, "") + ") VALUES ("
                            + "?, ".repeat(INSERTED.size() - 1) + "?)",
                    INSERTED,
                    values,
                    null);
        } else if (!changed.isEmpty()) {
            run("UPDATE " + table.name() + " SET " + names(changed, " = ?") + where(stored), changed, values, stored);
        }
        connection.commit();
    }

    /** Deletes the row of the destination, if there is one. */
    void remove(Destination destination) throws SQLException {
        connection.setAutoCommit(false);
        StoredRow stored = find(destination);
        if (stored != null) {
            run(
                    "DELETE FROM " + table.name() + where(stored),
                    List.of(),
                    Map.of(Column.SETID, destination.set()),
                    stored);
        }
        connection.commit();
    }

    /** The stored row; null if there is none. */
    private StoredRow find(Destination destination) throws SQLException {
        String key = EqualRows.key(destination.set(), destination.uri(), destination.socket());
        List<StoredRow> found = new ArrayList<>();
        String id = table.idColumn();
        String query = "SELECT " + table.column(Column.DESTINATION) + ", " + table.column(Column.SOCKET)
                + (id == null ? "" : ", " + id) + " FROM " + table.name() + " WHERE " + table.column(Column.SETID)
                + " = ?";
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setInt(1, destination.set());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    StoredRow row = new StoredRow(
                            id == null ? null : rows.getObject(3), JdbcTable.text(rows, 1), JdbcTable.text(rows, 2));
                    if (row.uri() != null && key.equals(sockets.key(destination.set(), row.uri(), row.socket()))) {
                        found.add(row);
                    }
                }
            }
        }
        if (found.size() > 1) {
            throw new SettingException(
                    "destination",
                    destination.id(),
                    "one row at most; table " + table.name() + " has " + found.size() + " equal rows");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    private static Map<Column, Object> values(Definition row) {
        Destination destination = row.destination();
        Map<Column, Object> values = new EnumMap<>(Column.class);
        values.put(Column.SETID, destination.set());
        values.put(Column.DESTINATION, destination.uri());
        values.put(Column.SOCKET, destination.socket());
        values.put(Column.STATE, row.initial().code());
        values.put(Column.WEIGHT, destination.weight());
        values.put(Column.PRIORITY, destination.priority());
        values.put(Column.ATTRS, destination.attrs());
        values.put(Column.DESCRIPTION, destination.description());
        return values;
    }

    private String names(List<Column> columns, String suffix) throws SQLException {
        List<String> names = new ArrayList<>();
        for (Column column : columns) {
            names.add(table.column(column) + suffix);
        }
        return String.join(", ", names);
    }

    /** By id if there is one: a database may take texts as the same that are not, such as main and MAIN. */
    private String where(StoredRow stored) throws SQLException {
        String set = " WHERE " + table.column(Column.SETID) + " = ? AND ";
        return stored.id() != null
                ? set + table.idColumn() + " = ?"
                : set + table.column(Column.DESTINATION) + " = ? AND " + table.column(Column.SOCKET)
                        + (stored.socket() == null ? " IS NULL" : " = ?");
    }

    /** {@code stored}: the row that the statement names; null for an insertion. */
    private void run(String sql, List<Column> columns, Map<Column, Object> values, StoredRow stored)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int index = 1;
            for (Column column : columns) {
                set(statement, index++, column, values.get(column));
            }
            if (stored != null) {
                statement.setObject(index++, values.get(Column.SETID));
                for (Object value : stored.values()) {
                    statement.setObject(index++, value);
                }
            }
            statement.executeUpdate();
        }
    }

    /** Weights are text, or whole numbers in tables before version 8. */
    private void set(PreparedStatement statement, int index, Column column, Object value) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.VARCHAR);
        } else if (column == Column.WEIGHT && table.isText(Column.WEIGHT)) {
            statement.setString(index, value.toString());
        } else {
            statement.setObject(index, value);
        }
    }
}
