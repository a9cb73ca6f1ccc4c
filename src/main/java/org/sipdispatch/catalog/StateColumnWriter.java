package org.sipdispatch.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.sipdispatch.sets.Destination;

/**
 * Writes states into the state column of a partition's table, all in one transaction. A row is found by set, URI and
 * socket; of several equal rows, by its ordinal in the order of ids, as when it was read.
 */
final class StateColumnWriter {
    private final JdbcTable table;
    private final Connection connection;
    private final RowSockets sockets;
    private String id;
    private String setid;
    private String destination;
    private String socket;

    StateColumnWriter(JdbcTable table, Connection connection, RowSockets sockets) {
        this.table = table;
        this.connection = connection;
        this.sockets = sockets;
    }

    /** Returns whether the states are written: none is if {@code valid} is false after the last statement. */
    boolean write(List<StateWrite> writes, BooleanSupplier valid) throws SQLException {
        if (!table.exists()) {
            throw new SQLException("no table " + table.name());
        }
        id = table.idColumn();
        setid = table.column(Column.SETID);
        destination = table.column(Column.DESTINATION);
        socket = table.column(Column.SOCKET);
        String update = "UPDATE " + table.name() + " SET " + table.column(Column.STATE) + " = ? WHERE " + setid;
        connection.setAutoCommit(false);
        Map<String, List<StoredRow>> places = new HashMap<>();
        for (int set : writes.stream()
                .mapToInt(write -> write.destination().set())
                .distinct()
                .toArray()) {
            read(set, places);
        }
        if (id == null) {
            String named = update + " = ? AND " + destination + " = ? AND ";
            run(named + socket + " = ?", writes, places, true);
            run(named + "(" + socket + " IS NULL OR " + socket + " = '')", writes, places, false);
        } else {
            run(update + " = ? AND " + id + " = ?", writes, places);
        }
        boolean commit = valid.getAsBoolean();
        if (commit) {
            connection.commit();
        } else {
            connection.rollback();
        }
        return commit;
    }

    /** A stored row; {@code id} is null if the table has no such column. */
    private record StoredRow(Object id, String uri, String socket) {
        private boolean hasSocket() {
            return socket != null && !socket.isEmpty();
        }
    }

    private void read(int set, Map<String, List<StoredRow>> places) throws SQLException {
        String query = "SELECT " + destination + ", " + socket + (id == null ? "" : ", " + id) + " FROM " + table.name()
                + " WHERE " + setid + " = ?" + (id == null ? "" : " ORDER BY " + id);
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setInt(1, set);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    StoredRow place = new StoredRow(
                            id == null ? null : rows.getObject(3), JdbcTable.text(rows, 1), JdbcTable.text(rows, 2));
                    String key = UriCheck.complaint(place.uri()) == null
                            ? sockets.key(set, place.uri(), place.socket())
                            : null;
                    if (key != null) {
                        places.computeIfAbsent(key, unused -> new ArrayList<>(1))
                                .add(place);
                    }
                }
            }
        }
    }

    private static List<StoredRow> of(Destination destination, Map<String, List<StoredRow>> places) {
        String key = EqualRows.key(destination.set(), destination.uri(), destination.socket());
        return places.getOrDefault(key, List.of());
    }

    private void run(String update, List<StateWrite> writes, Map<String, List<StoredRow>> places) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(update)) {
            for (StateWrite write : writes) {
                List<StoredRow> equals = of(write.destination(), places);
                int ordinal = write.destination().ordinal();
                if (ordinal <= equals.size()) {
                    statement.setInt(1, write.state().code());
                    statement.setInt(2, write.destination().set());
                    statement.setObject(3, equals.get(ordinal - 1).id());
                    statement.addBatch();
                }
            }
            statement.executeBatch();
        }
    }

    /**
     * For a table without ids. Equal rows cannot be distinguished then and are not changed. The statement compares the
     * texts of the stored row: its socket may be one that is ignored, so that the destination has none.
     */
    private void run(String update, List<StateWrite> writes, Map<String, List<StoredRow>> places, boolean toSocket)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(update)) {
            for (StateWrite write : writes) {
                List<StoredRow> equals = of(write.destination(), places);
                if (equals.size() == 1 && equals.get(0).hasSocket() == toSocket) {
                    statement.setInt(1, write.state().code());
                    statement.setInt(2, write.destination().set());
                    statement.setString(3, equals.get(0).uri());
                    if (toSocket) {
                        statement.setString(4, equals.get(0).socket());
                    }
                    statement.addBatch();
                }
            }
            statement.executeBatch();
        }
    }
}
