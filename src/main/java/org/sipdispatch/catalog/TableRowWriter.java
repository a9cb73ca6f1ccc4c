package org.sipdispatch.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

/**
 * Puts and removes single rows of a partition's table, each in one transaction. A row is found by set, URI and socket, as
 * rows are when they are read; of several equal rows none is changed.
 */
final class TableRowWriter {
    /** The columns that a put may set in an existing row; the state belongs to the destination's actor. */
    private static final List<Column> CHANGEABLE =
            List.of(Column.WEIGHT, Column.PRIORITY, Column.ATTRS, Column.DESCRIPTION);

    /** The names of all of them. */
    static final List<String> FIELDS = CHANGEABLE.stream().map(Column::standard).toList();

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
    private final RowSocketFilter sockets;

    TableRowWriter(JdbcTable table, Connection connection, RowSocketFilter sockets) {
        this.table = table;
        this.connection = connection;
        this.sockets = sockets;
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
        RowIdentity stored = find(row.destination());
        Map<Column, Object> values = values(row);
        Stream<Column> fields = CHANGEABLE.stream().filter(column -> given.contains(column.standard()));
        List<Column> changed = withProbeMode(fields, row);
        if (stored == null) {
            List<Column> inserted = withProbeMode(INSERTED.stream(), row);
            run(
                    "INSERT INTO " + table.name() + " (" + names(inserted, "") + ") VALUES ("
                            + "?, ".repeat(inserted.size() - 1) + "?)",
                    inserted,
                    values,
                    null);
        } else if (!changed.isEmpty()) {
            String update = "UPDATE " + table.name() + " SET " + names(changed, " = ?") + table.where(stored);
            run(update, changed, values, stored);
        }
        connection.commit();
    }

    /** A put does not set the probe mode, but a row that replaces a row of another source keeps that row's mode. */
    private static List<Column> withProbeMode(Stream<Column> columns, Definition row) {
        Stream<Column> probeMode = row.permanentProbing() ? Stream.of(Column.PROBE_MODE) : Stream.empty();
        return Stream.concat(columns, probeMode).toList();
    }

    /** Deletes the row of the destination, if there is one. */
    void remove(Destination destination) throws SQLException {
        connection.setAutoCommit(false);
        RowIdentity stored = find(destination);
        if (stored != null) {
            run(
                    "DELETE FROM " + table.name() + table.where(stored),
                    List.of(),
                    Map.of(Column.SETID, destination.set()),
                    stored);
        }
        connection.commit();
    }

    /** The stored row; null if there is none. */
    private RowIdentity find(Destination destination) throws SQLException {
        String key = EqualRows.key(destination.set(), destination.uri(), destination.socket());
        List<RowIdentity> found = table.stored(destination.set()).stream()
                .filter(row -> key.equals(row.key(destination.set(), sockets)))
                .toList();
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
        values.put(Column.PROBE_MODE, row.permanentProbing() ? 1 : 0);
        return values;
    }

    private String names(List<Column> columns, String suffix) throws SQLException {
        List<String> names = new ArrayList<>();
        for (Column column : columns) {
            names.add(table.column(column) + suffix);
        }
        return String.join(", ", names);
    }

    /** Changes one row, or nothing. {@code stored}: the row that the statement names; null for an insertion. */
    private void run(String sql, List<Column> columns, Map<Column, Object> values, RowIdentity stored)
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
            int changed = statement.executeUpdate();
            if (changed != 1) {
                throw new SettingException(
                        "row",
                        stored == null ? "a new one" : RowIdentity.stripped(stored.uri()),
                        "one row that changes; table " + table.name() + " changed " + changed);
            }
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
