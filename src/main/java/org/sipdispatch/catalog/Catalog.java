package org.sipdispatch.catalog;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

/**
 * Reads destinations from where they are written down, each time anew, and writes their states there. Blocks; whatever
 * cannot be read is a {@link SettingException}, and then nothing of that load counts.
 */
public final class Catalog implements AutoCloseable {
    private final KnownSockets sockets;
    private final Pools pools = new Pools();
    private final Map<String, PartitionSource> sources = new LinkedHashMap<>();

    private Catalog(KnownSockets sockets) {
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

    /** The names of the partitions; {@code default} first if it is one. */
    public List<String> partitions() {
        return List.copyOf(sources.keySet());
    }

    /** Reads all partitions. */
    public CatalogSnapshot load() {
        return sources.values().stream()
                .map(PartitionSource::load)
                .reduce(CatalogSnapshot.NOTHING, CatalogSnapshot::plus);
    }

    /** Reads one partition; there must be one of that name. */
    public CatalogSnapshot load(String name) {
        if (!sources.containsKey(name)) {
            throw new SettingException("partition", name, "one of " + String.join(", ", partitions()));
        }
        return sources.get(name).load();
    }

    /**
     * From now on calls {@code changed}, on any thread, with the name of a partition whose source notices that something
     * else may be written down. Tables and list files notice nothing.
     */
    public void watch(Consumer<String> changed) {
        sources.forEach((name, source) -> source.watch(() -> changed.accept(name)));
    }

    /** What is wrong with a destination that is written down nowhere, by the rules for rows; asks no database. */
    public List<String> complaints(Destination destination) {
        return RowCheck.complaints(destination, sockets);
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
        return sources.entrySet().stream()
                .filter(source -> byPartition.containsKey(source.getKey()))
                .map(source -> source.getValue().write(byPartition.get(source.getKey())))
                .reduce(Unwritten.NOTHING, Unwritten::plus);
    }

    @Override
    public void close() {
        pools.close();
    }
}
