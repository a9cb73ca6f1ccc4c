package org.sipdispatch.catalog;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.sipdispatch.database.ConnectionPool;
import org.sipdispatch.database.SqlScript;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

/** A table in a database. */
final class TableSource implements PartitionSource {
    private final PartitionSettings partition;
    private final TableSettings settings;
    private final KnownSockets sockets;
    private final ConnectionPool pool;
    private boolean prepared;

    TableSource(PartitionSettings partition, TableSettings settings, KnownSockets sockets, ConnectionPools pools) {
        this.partition = partition;
        this.settings = settings;
        this.sockets = sockets;
        try {
            pool = pools.of(settings.database(), settings.connectTimeout());
        } catch (RuntimeException e) {
            // HikariCP wraps the driver's exception for an invalid URL in a RuntimeException.
            throw unavailable(e);
        }
    }

    @Override
    public void prepare() {
        try (Connection connection = connect()) {
            prepared(connection);
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    @Override
    public void probe() {
        try {
            ConnectionPool.probe(settings.database(), settings.connectTimeout());
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    @Override
    public CatalogSnapshot load() {
        try (Connection connection = connect()) {
            JdbcTable table = prepared(connection);
            CatalogSnapshot snapshot =
                    new RowCheck(partition, settings.columns(), sockets, new Warnings()).check(table.rows());
            return table.idColumn() != null || !partition.persistentState()
                    ? snapshot
                    : snapshot.withoutIds(settings.name());
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    @Override
    public boolean isTable() {
        return true;
    }

    @Override
    public boolean has(Destination destination) {
        return withRows(rows -> rows.has(destination));
    }

    @Override
    public void put(Definition row, List<String> given) {
        withRows(rows -> {
            rows.put(row, given);
            return true;
        });
    }

    @Override
    public void remove(Destination destination) {
        withRows(rows -> {
            rows.remove(destination);
            return true;
        });
    }

    private interface RowCommand {
        boolean on(TableRowWriter rows) throws SQLException;
    }

    private boolean withRows(RowCommand command) {
        try (Connection connection = connect()) {
            return command.on(new TableRowWriter(prepared(connection), connection, partition.rowSockets(sockets)));
        } catch (SQLException e) {
            throw new SettingException(
                    partition.paths().of("table_name"),
                    settings.name(),
                    "a table that takes this change of a row: "
                            + settings.database().cause(e));
        }
    }

    @Override
    public UnwrittenStates write(List<StateWrite> writes, BooleanSupplier valid) {
        if (!partition.persistentState()) {
            return UnwrittenStates.NOTHING;
        }
        try (Connection connection = connect()) {
            return new StateColumnWriter(table(connection), connection, partition.rowSockets(sockets))
                    .write(writes, valid);
        } catch (SQLException e) {
            return new UnwrittenStates(writes, List.of(unavailable(e).getMessage()));
        } catch (SettingException e) {
            return new UnwrittenStates(writes, List.of(e.getMessage()));
        }
    }

    /** The table. Creates a missing table at the first use only: an operator may have dropped it later on purpose. */
    private synchronized JdbcTable prepared(Connection connection) throws SQLException {
        JdbcTable table = table(connection);
        if (!prepared && settings.initScript() != null && !table.exists()) {
            runScript(connection);
        }
        if (!table.exists()) {
            throw new SettingException(
                    partition.paths().of("table_name"),
                    settings.name(),
                    "a table in " + settings.database().shownUrl());
        }
        prepared = true;
        return table;
    }

    private void runScript(Connection connection) {
        String text = partition.read("init_script", settings.initScript());
        try {
            SqlScript.run(connection, text);
        } catch (SQLException e) {
            throw new SettingException(
                    partition.paths().of("init_script"),
                    settings.initScript(),
                    "a script that runs: " + settings.database().cause(e));
        }
    }

    private JdbcTable table(Connection connection) throws SQLException {
        return new JdbcTable(
                partition, new TableNames(settings.name(), settings.columns(), settings.versions()), connection);
    }

    /** Returns a connection, or fails after the connect timeout. */
    private Connection connect() {
        try {
            return pool.connect();
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    private SettingException unavailable(Exception cause) {
        return new SettingException(
                partition.paths().of("db_url"),
                settings.database().shownUrl(),
                Catalog.EXPECTED_ANSWER + settings.database().cause(cause));
    }
}
