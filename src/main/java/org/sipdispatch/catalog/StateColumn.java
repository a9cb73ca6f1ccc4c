package org.sipdispatch.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Writes states into the state column of one partition's table: all of them or, where that fails, none. */
final class StateColumn {
    private final PartitionSettings partition;
    private final Connection connection;

    StateColumn(PartitionSettings partition, Connection connection) {
        this.partition = partition;
        this.connection = connection;
    }

    void write(List<StateWrite> writes) throws SQLException {
        JdbcTable table = new JdbcTable(partition, connection);
        if (!table.exists()) {
            throw new SQLException("no table " + partition.table().name());
        }
        Columns columns = partition.table().columns();
        String update = "UPDATE " + table.name() + " SET " + table.column("state_col", columns.state()) + " = ? WHERE "
                + table.column("setid_col", columns.setid()) + " = ? AND "
                + table.column("destination_col", columns.destination()) + " = ? AND ";
        String socket = table.column("socket_col", columns.socket());
        connection.setAutoCommit(false);
        run(update + socket + " = ?", bound(writes, true));
        run(update + "(" + socket + " IS NULL OR " + socket + " = '')", bound(writes, false));
        connection.commit();
    }

    private static List<StateWrite> bound(List<StateWrite> writes, boolean toSocket) {
        return writes.stream()
                .filter(write -> (write.destination().socket() != null) == toSocket)
                .toList();
    }

    private void run(String update, List<StateWrite> writes) throws SQLException {
        if (writes.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(update)) {
            for (StateWrite write : writes) {
                statement.setInt(1, write.state().code());
                statement.setInt(2, write.destination().set());
                statement.setString(3, write.destination().uri());
                if (write.destination().socket() != null) {
                    statement.setString(4, write.destination().socket());
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
