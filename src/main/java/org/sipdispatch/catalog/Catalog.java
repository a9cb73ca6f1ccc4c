package org.sipdispatch.catalog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.sipdispatch.settings.BadSetting;

/**
 * Reads destinations from where they are written down, each time anew. Blocks; whatever cannot be read is a
 * {@link BadSetting}, and then nothing of that load counts.
 */
public final class Catalog implements AutoCloseable {
    private final CatalogSettings settings;
    private final KnownSockets sockets;
    private final Pools pools = new Pools();

    private Catalog(CatalogSettings settings, KnownSockets sockets) {
        this.settings = settings;
        this.sockets = sockets;
    }

    /** Connects to all databases and makes tables that are missing where there is a script for it. */
    public static Catalog open(CatalogSettings settings, KnownSockets sockets) {
        Catalog catalog = new Catalog(settings, sockets);
        try {
            settings.partitions().stream()
                    .filter(partition -> partition.database() != null)
                    .forEach(catalog::prepare);
            return catalog;
        } catch (RuntimeException e) {
            catalog.close();
            throw e;
        }
    }

    /** The names of the partitions; {@code default} first if it is one. */
    public List<String> partitions() {
        return settings.partitions().stream().map(PartitionSettings::name).toList();
    }

    /** Reads all partitions. */
    public CatalogSnapshot load() {
        return settings.partitions().stream()
                .map(this::load)
                .reduce(new CatalogSnapshot(List.of(), List.of()), CatalogSnapshot::plus);
    }

    /** Reads one partition; there must be one of that name. */
    public CatalogSnapshot load(String name) {
        return settings.partitions().stream()
                .filter(partition -> partition.name().equals(name))
                .map(this::load)
                .findFirst()
                .orElseThrow(() -> new BadSetting("partition", name, "one of " + String.join(", ", partitions())));
    }

    private CatalogSnapshot load(PartitionSettings partition) {
        return partition.database() == null ? loadList(partition) : loadTable(partition);
    }

    private CatalogSnapshot loadList(PartitionSettings partition) {
        Path file = partition.listFile();
        Warnings warnings = new Warnings();
        String text = read(partition, "db_url", file);
        List<Row> rows = ListFile.rows(file.getFileName().toString(), text, warnings);
        return new RowCheck(partition, Columns.LIST_FILE, sockets, warnings).check(rows);
    }

    private CatalogSnapshot loadTable(PartitionSettings partition) {
        try (Connection connection = pools.connect(partition)) {
            JdbcTable table = existing(partition, connection);
            return new RowCheck(partition, partition.table().columns(), sockets, new Warnings()).check(table.rows());
        } catch (SQLException e) {
            throw Pools.silent(partition, e);
        }
    }

    private void prepare(PartitionSettings partition) {
        pools.open(partition);
        try (Connection connection = pools.connect(partition)) {
            if (partition.initScript() != null && !new JdbcTable(partition, connection).exists()) {
                runScript(partition, connection);
            }
            existing(partition, connection);
        } catch (SQLException e) {
            throw Pools.silent(partition, e);
        }
    }

    private static JdbcTable existing(PartitionSettings partition, Connection connection) throws SQLException {
        JdbcTable table = new JdbcTable(partition, connection);
        if (!table.exists()) {
            throw new BadSetting(
                    partition.paths().of("table_name"),
                    partition.table().name(),
                    "a table in " + partition.database().shownUrl());
        }
        return table;
    }

    private static void runScript(PartitionSettings partition, Connection connection) {
        String text = read(partition, "init_script", partition.initScript());
        try {
            SqlScript.run(connection, text);
        } catch (SQLException e) {
            throw new BadSetting(
                    partition.paths().of("init_script"),
                    partition.initScript(),
                    "a script that runs: " + partition.database().cause(e));
        }
    }

    private static String read(PartitionSettings partition, String key, Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BadSetting(partition.paths().of(key), file, "a file that can be read");
        }
    }

    @Override
    public void close() {
        pools.close();
    }
}
