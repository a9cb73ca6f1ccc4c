package org.sipdispatch.catalog;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.sipdispatch.destination.ProbeSettings;
import org.sipdispatch.destination.UnpingedDestinations;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

/**
 * Reads the destinations of all partitions from their sources, again for each load, and writes states back. Blocks. A
 * source that cannot be read is a {@link SettingException}, and the whole load fails.
 */
public final class Catalog implements DefinitionSource, AutoCloseable {
    private final KnownSockets sockets;
    private final Pools pools = new Pools();
    private final Map<String, PartitionSource> sources = new LinkedHashMap<>();
    /** Null: no warnings about destinations without pings. */
    private ProbeSettings probing;

    private Catalog(KnownSockets sockets) {
        this.sockets = sockets;
    }

    /** Opens the catalog, connects to all databases and creates missing tables that have a script. */
    public static Catalog open(CatalogSettings settings, KnownSockets sockets) {
        return open(settings, sockets, true);
    }

    /**
     * Opens the catalog without connecting to a database, so that a database that is down does not fail the start. The
     * first load that reaches a database creates its missing tables.
     */
    public static Catalog openLater(CatalogSettings settings, KnownSockets sockets) {
        return open(settings, sockets, false);
    }

    private static Catalog open(CatalogSettings settings, KnownSockets sockets, boolean connects) {
        Catalog catalog = new Catalog(sockets);
        try {
            for (PartitionSettings partition : settings.partitions()) {
                PartitionSource source = partition.source().open(partition, sockets, catalog.pools);
                catalog.sources.put(partition.name(), source);
                if (connects) {
                    source.prepare();
                }
            }
            return catalog;
        } catch (RuntimeException e) {
            catalog.close();
            throw e;
        }
    }

    /** Warns, with each load, about rows in state Probing that these settings do not ping. */
    public Catalog withPings(ProbeSettings settings) {
        probing = settings;
        return this;
    }

    @Override
    public List<String> partitions() {
        return List.copyOf(sources.keySet());
    }

    /** Reads all partitions. */
    public CatalogSnapshot load() {
        return checked(sources.values().stream()
                .map(PartitionSource::load)
                .reduce(CatalogSnapshot.NOTHING, CatalogSnapshot::plus));
    }

    @Override
    public CatalogSnapshot load(String partition) {
        if (partition.isEmpty()) {
            return load();
        } else if (!sources.containsKey(partition)) {
            throw new SettingException("partition", partition, "one of " + String.join(", ", partitions()));
        }
        return checked(sources.get(partition).load());
    }

    private CatalogSnapshot checked(CatalogSnapshot loaded) {
        return probing == null
                ? loaded
                : loaded.plus(new CatalogSnapshot(
                        List.of(), UnpingedDestinations.warnings(probing, loaded.entries()), List.of()));
    }

    @Override
    public List<String> complaints(Destination destination) {
        return RowCheck.complaints(destination, sockets);
    }

    @Override
    public Unwritten writeStates(Collection<StateWrite> writes, BooleanSupplier valid) {
        Map<String, List<StateWrite>> byPartition = writes.stream()
                .collect(Collectors.groupingBy(
                        write -> write.destination().partition(), LinkedHashMap::new, Collectors.toList()));
        return sources.entrySet().stream()
                .filter(source -> byPartition.containsKey(source.getKey()))
                .map(source -> source.getValue().write(byPartition.get(source.getKey()), valid))
                .reduce(Unwritten.NOTHING, Unwritten::plus);
    }

    @Override
    public void close() {
        pools.close();
    }
}
