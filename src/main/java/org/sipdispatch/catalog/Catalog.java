package org.sipdispatch.catalog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipdispatch.database.SqlScript;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.BadSetting;

/**
 * Reads destinations from where they are written down, each time anew, and writes their states there. Blocks; whatever
 * cannot be read is a {@link BadSetting}, and then nothing of that load counts.
 */
public final class Catalog implements AutoCloseable {
    private final CatalogSettings settings;
    private final KnownSockets sockets;
    private final Pools pools = new Pools();
    private final Set<String> prepared = new HashSet<>();

    private Catalog(CatalogSettings settings, KnownSockets sockets) {
        this.settings = settings;
        this.sockets = sockets;
    }

    /** Connects to all databases and makes tables that are missing where there is a script for it. */
    public static Catalog open(CatalogSettings settings, KnownSockets sockets) {
        return open(settings, sockets, true);
    }

    /**
     * Asks no database yet, so that one that is away is no failure before something is to be loaded from it. Tables are
     * made by the first load that reaches it.
     */
    public static Catalog openLater(CatalogSettings settings, KnownSockets sockets) {
        return open(settings, sockets, false);
    }

    private static Catalog open(CatalogSettings settings, KnownSockets sockets, boolean connects) {
        Catalog catalog = new Catalog(settings, sockets);
        try {
            for (PartitionSettings partition : settings.partitions()) {
                if (partition.database() != null) {
                    catalog.pools.open(partition);
                }
                if (partition.database() != null && connects) {
                    catalog.prepare(partition);
                }
            }
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
        return settings.partitions().stream().map(this::load).reduce(CatalogSnapshot.NOTHING, CatalogSnapshot::plus);
    }

    /** Reads one partition; there must be one of that name. */
    public CatalogSnapshot load(String name) {
        return settings.partitions().stream()
                .filter(partition -> partition.name().equals(name))
                .map(this::load)
                .findFirst()
                .orElseThrow(() -> new BadSetting("partition", name, "one of " + String.join(", ", partitions())));
    }

    /** What is wrong with a destination that is written down nowhere, by the rules for rows; asks no database. */
    public List<String> complaints(Destination destination) {
        return RowCheck.complaints(destination, sockets);
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
            JdbcTable table = prepared(partition, connection);
            CatalogSnapshot snapshot =
                    new RowCheck(partition, partition.table().columns(), sockets, new Warnings()).check(table.rows());
            return table.idColumn() != null || !partition.persistentState()
                    ? snapshot
                    : snapshot.withoutIds(partition.table().name());
        } catch (SQLException e) {
            throw Pools.silent(partition, e);
        }
    }

    private void prepare(PartitionSettings partition) {
        try (Connection connection = pools.connect(partition)) {
            prepared(partition, connection);
        } catch (SQLException e) {
            throw Pools.silent(partition, e);
        }
    }

    /** The table, made if it is missing when it is first asked for; who drops it later meant it. */
    private synchronized JdbcTable prepared(PartitionSettings partition, Connection connection) throws SQLException {
        boolean isNew = !prepared.contains(partition.name());
        if (isNew && partition.initScript() != null && !new JdbcTable(partition, connection).exists()) {
            runScript(partition, connection);
        }
        JdbcTable table = existing(partition, connection);
        prepared.add(partition.name());
        return table;
    }

    /**
     * Writes states into the rows of their destinations, where the partition is a table whose state counts; others are
     * left alone, and so are destinations whose row is gone. Never throws.
     *
     * @return what could not be written, and why
     */
    public Unwritten writeStates(Collection<StateWrite> writes) {
        Map<String, List<StateWrite>> byPartition = writes.stream()
                .collect(Collectors.groupingBy(
                        write -> write.destination().partition(), LinkedHashMap::new, Collectors.toList()));
        return settings.partitions().stream()
                .filter(partition -> partition.database() != null && partition.persistentState())
                .filter(partition -> byPartition.containsKey(partition.name()))
                .map(partition -> write(partition, byPartition.get(partition.name())))
                .reduce(Unwritten.NOTHING, Unwritten::plus);
    }

    private Unwritten write(PartitionSettings partition, List<StateWrite> writes) {
        try (Connection connection = pools.connect(partition)) {
            new StateColumn(partition, connection, sockets).write(writes);
            return Unwritten.NOTHING;
        } catch (SQLException e) {
            return new Unwritten(writes, List.of(Pools.silent(partition, e).getMessage()));
        } catch (BadSetting e) {
            return new Unwritten(writes, List.of(e.getMessage()));
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
