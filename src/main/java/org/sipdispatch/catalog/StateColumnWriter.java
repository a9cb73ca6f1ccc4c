package org.sipdispatch.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
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
    private final RowSocketFilter sockets;

    StateColumnWriter(JdbcTable table, Connection connection, RowSocketFilter sockets) {
        this.table = table;
        this.connection = connection;
        this.sockets = sockets;
    }

    /** A state, and the row that it is written into. */
    private record RowWrite(StateWrite write, RowIdentity row) {}

    /**
     * Returns the states that are not written: all if {@code valid} is false after the last statement, and those of rows
     * that their statement does not change.
     */
    UnwrittenStates write(List<StateWrite> writes, BooleanSupplier valid) throws SQLException {
        if (!table.exists()) {
            throw new SQLException("no table " + table.name());
        }
        connection.setAutoCommit(false);
        List<RowWrite> byId = new ArrayList<>();
        List<RowWrite> byTexts = new ArrayList<>();
        for (RowWrite one : found(writes)) {
            (one.row().id() == null ? byTexts : byId).add(one);
        }
        update(byId);
        UnwrittenStates unwritten = UnwrittenStates.NOTHING;
        for (RowWrite one : byTexts) {
            unwritten = unwritten.plus(updateAlone(one));
        }
        if (valid.getAsBoolean()) {
            connection.commit();
            return unwritten;
        }
        connection.rollback();
        return new UnwrittenStates(writes, List.of());
    }

    /** The states whose rows exist. Equal rows without ids cannot be distinguished and are left out. */
    private List<RowWrite> found(List<StateWrite> writes) throws SQLException {
        Map<String, List<RowIdentity>> places = new HashMap<>();
        for (int set : writes.stream()
                .mapToInt(write -> write.destination().set())
                .distinct()
                .toArray()) {
            read(set, places);
        }
        List<RowWrite> found = new ArrayList<>();
        for (StateWrite write : writes) {
            Destination destination = write.destination();
            List<RowIdentity> equals = places.getOrDefault(
                    EqualRows.key(destination.set(), destination.uri(), destination.socket()), List.of());
            RowIdentity row = destination.ordinal() <= equals.size() ? equals.get(destination.ordinal() - 1) : null;
            if (row != null && (row.id() != null || equals.size() == 1)) {
                found.add(new RowWrite(write, row));
            }
        }
        return found;
    }

    private void read(int set, Map<String, List<RowIdentity>> places) throws SQLException {
        for (RowIdentity row : table.stored(set)) {
            String key = UriCheck.complaint(RowIdentity.stripped(row.uri())) == null ? row.key(set, sockets) : null;
            if (key != null) {
                places.computeIfAbsent(key, unused -> new ArrayList<>(1)).add(row);
            }
        }
    }

    private PreparedStatement prepared(RowIdentity row) throws SQLException {
        return connection.prepareStatement(
                "UPDATE " + table.name() + " SET " + table.column(Column.STATE) + " = ?" + table.where(row));
    }

    private static void set(PreparedStatement statement, RowWrite one) throws SQLException {
        statement.setInt(1, one.write().state().code());
        statement.setInt(2, one.write().destination().set());
        int index = 3;
        for (Object value : one.row().values()) {
            statement.setObject(index++, value);
        }
    }

    /** Rows with ids. A row that does not change was deleted since it was read. */
    private void update(List<RowWrite> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = prepared(rows.get(0).row())) {
            for (RowWrite one : rows) {
                set(statement, one);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** A row without an id. By the rules of the database its texts may match other rows too, or none. */
    private UnwrittenStates updateAlone(RowWrite one) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try (PreparedStatement statement = prepared(one.row())) {
            set(statement, one);
            int changed = statement.executeUpdate();
            if (changed == 1) {
                return UnwrittenStates.NOTHING;
            }
            connection.rollback(before);
            return new UnwrittenStates(
                    List.of(one.write()),
                    List.of("state: " + one.write().destination().id() + " (expected: one row that changes; table "
                            + table.name() + " changed " + changed + ")"));
        }
    }
}
