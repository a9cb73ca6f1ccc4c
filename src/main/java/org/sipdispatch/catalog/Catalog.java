package org.sipdispatch.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.ProbeSettings;
import org.sipdispatch.destination.UnpingedDestinations;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

/**
 * Reads the destinations of all partitions from their sources, again for each load, and writes states back. Blocks. A
 * source that cannot be read is a {@link SettingException}, and the whole load fails.
 */
public final class Catalog implements DefinitionStore, AutoCloseable {
    private final KnownSockets sockets;
    /** The beginning of the reason if a database cannot be reached: the expected condition. */
    public static final String EXPECTED_ANSWER = "a database that answers: ";

    private final ConnectionPools pools;
    private final Map<String, PartitionSource> sources = new LinkedHashMap<>();
    private final List<WatchedSource> watched = new ArrayList<>();
    /** Null: no warnings about destinations without pings. */
    private ProbeSettings probing;
    /** Null: no warnings about unknown TLS domains. */
    private Set<String> tlsDomains;

    private Catalog(KnownSockets sockets, ServiceRecords records) {
        this.sockets = sockets;
        pools = new ConnectionPools(records);
    }

    /** Opens a catalog without destinations from DNS. */
    public static Catalog open(CatalogSettings settings, KnownSockets sockets) {
        return open(settings, sockets, ServiceRecords.NONE);
    }

    /** Opens the catalog, connects to all databases and creates missing tables that have a script. */
    public static Catalog open(CatalogSettings settings, KnownSockets sockets, ServiceRecords records) {
        return open(settings, new Catalog(sockets, records), true);
    }

    /** Likewise. */
    public static Catalog openLater(CatalogSettings settings, KnownSockets sockets) {
        return openLater(settings, sockets, ServiceRecords.NONE);
    }

    /**
     * Opens the catalog without connecting to a database, so that a database that is down does not fail the start. The
     * first load that reaches a database creates its missing tables.
     */
    public static Catalog openLater(CatalogSettings settings, KnownSockets sockets, ServiceRecords records) {
        return open(settings, new Catalog(sockets, records), false);
    }

    private static Catalog open(CatalogSettings settings, Catalog catalog, boolean connects) {
        try {
            for (PartitionSettings partition : settings.partitions()) {
                PartitionSource source = partition.source().open(partition, catalog.sockets, catalog.pools);
                catalog.sources.put(partition.name(), source);
                if (partition.watch() != null) {
                    catalog.watched.add(new WatchedSource(
                            partition.name(), partition.source().watchedPlace(), partition.watch(), source::content));
                }
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

    /** Warns, with each load, about destinations with another {@code tls_domain} than these. */
    public Catalog withTlsDomains(Set<String> names) {
        tlsDomains = Set.copyOf(names);
        return this;
    }

    @Override
    public List<String> partitions() {
        return List.copyOf(sources.keySet());
    }

    @Override
    public List<WatchedSource> watched() {
        return List.copyOf(watched);
    }

    /** Reads all partitions. */
    public CatalogSnapshot load() {
        return all(PartitionSource::load);
    }

    @Override
    public CatalogSnapshot loadFirst() {
        return all(PartitionSource::loadFirst);
    }

    private CatalogSnapshot all(Function<PartitionSource, CatalogSnapshot> load) {
        return checked(sources.values().stream().map(load).reduce(CatalogSnapshot.NOTHING, CatalogSnapshot::plus));
    }

    /**
     * Reads one partition, without retries.
     *
     * @throws SettingException as soon as its database refuses
     */
    public CatalogSnapshot loadOnce(String partition) {
        source(partition).probe();
        return load(partition);
    }

    @Override
    public CatalogSnapshot load(String partition) {
        if (partition.isEmpty()) {
            return load();
        }
        return checked(source(partition).load());
    }

    private PartitionSource source(String partition) {
        PartitionSource source = sources.get(partition);
        if (source == null) {
            throw new SettingException("partition", partition, "one of " + String.join(", ", partitions()));
        }
        return source;
    }

    @Override
    public void putRow(Definition row, List<String> given) {
        List<String> complaints = complaints(row.destination());
        if (!complaints.isEmpty()) {
            throw new SettingException("row", row.id(), "a usable one: " + String.join("; ", complaints));
        }
        table(row.destination().partition()).put(row, given);
    }

    @Override
    public void removeRow(Destination destination) {
        table(destination.partition()).remove(destination);
    }

    private PartitionSource table(String partition) {
        PartitionSource source = source(partition);
        if (!source.isTable()) {
            throw new SettingException(
                    "partition", partition, "one whose source is a table; rows of other sources are changed there");
        }
        return source;
    }

    private CatalogSnapshot checked(CatalogSnapshot loaded) {
        List<String> warnings = new ArrayList<>();
        if (probing != null) {
            warnings.addAll(UnpingedDestinations.warnings(probing, loaded.entries()));
        }
        if (tlsDomains != null) {
            loaded.entries().stream()
                    .map(one -> UnknownTlsDomain.problem(one.destination(), tlsDomains))
                    .filter(Objects::nonNull)
                    .forEach(warnings::add);
        }
        return loaded.plus(new CatalogSnapshot(List.of(), warnings, List.of()));
    }

    @Override
    public List<String> complaints(Destination destination) {
        return RowCheck.complaints(destination, sockets);
    }

    @Override
    public UnwrittenStates writeStates(Collection<StateWrite> writes, BooleanSupplier valid) {
        Map<String, List<StateWrite>> byPartition = writes.stream()
                .collect(Collectors.groupingBy(
                        write -> write.destination().partition(), LinkedHashMap::new, Collectors.toList()));
        return sources.entrySet().stream()
                .filter(source -> byPartition.containsKey(source.getKey()))
                .map(source -> source.getValue().write(byPartition.get(source.getKey()), valid))
                .reduce(UnwrittenStates.NOTHING, UnwrittenStates::plus);
    }

    @Override
    public void close() {
        pools.close();
    }
}
