package org.sipdispatch.definitions;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.sipdispatch.catalog.CatalogSnapshot;
import org.sipdispatch.catalog.DefinitionStore;
import org.sipdispatch.catalog.StateWrite;
import org.sipdispatch.catalog.UnwrittenStates;
import org.sipdispatch.catalog.WatchedSource;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

/** A table in memory that can be unavailable or slow. */
public final class FakeSource implements DefinitionStore {
    public final List<String> loads = new CopyOnWriteArrayList<>();
    public final List<Collection<StateWrite>> writes = new CopyOnWriteArrayList<>();
    public final Semaphore loading = new Semaphore(1_000_000);
    public final Semaphore writing = new Semaphore(1_000_000);
    public volatile List<Definition> rows = List.of();
    public volatile List<String> skipped = List.of();
    public volatile List<WatchedSource> watched = List.of();
    /** Run during each write. */
    public volatile Runnable onWrite = () -> {};

    public volatile boolean away;
    public volatile boolean faulty;

    public static Definition row(String partition, String uri) {
        Destination destination = new Destination(partition, 1, uri, null, 1, 0, "", "");
        return new Definition(destination, DestinationState.ACTIVE, false);
    }

    public static Definition temporary(String partition, String uri, int weight) {
        Destination destination = new Destination(partition, 1, uri, null, weight, 0, "", "");
        return new Definition(destination, DestinationState.ACTIVE, false, 0, 0, 0, "", true);
    }

    @Override
    public CatalogSnapshot load(String partition) {
        loads.add(partition);
        loading.acquireUninterruptibly();
        if (away) {
            throw new SettingException("db_url", "fake", "a database that answers");
        }
        return new CatalogSnapshot(
                rows.stream()
                        .filter(row -> partition.isEmpty()
                                || row.destination().partition().equals(partition))
                        .toList(),
                skipped,
                skipped);
    }

    @Override
    public CatalogSnapshot loadFirst() {
        return load("");
    }

    @Override
    public List<String> partitions() {
        return List.of("a", "b");
    }

    @Override
    public void putRow(Definition row, List<String> given) {
        if (away) {
            throw new SettingException("db_url", "fake", "a database that answers");
        }
        removeRow(row.destination());
        rows = Stream.concat(rows.stream(), Stream.of(row)).toList();
    }

    @Override
    public void removeRow(Destination destination) {
        rows = rows.stream().filter(row -> !row.id().equals(destination.id())).toList();
    }

    @Override
    public List<WatchedSource> watched() {
        return watched;
    }

    @Override
    public List<String> complaints(Destination destination) {
        if (faulty) {
            throw new IllegalStateException("the fault of a test");
        }
        return destination.weight() <= 65535 ? List.of() : List.of("weight: " + destination.weight(), "and more");
    }

    @Override
    public UnwrittenStates writeStates(Collection<StateWrite> states, BooleanSupplier valid) {
        writes.add(List.copyOf(states));
        writing.acquireUninterruptibly();
        onWrite.run();
        return new UnwrittenStates(away || !valid.getAsBoolean() ? List.copyOf(states) : List.of(), List.of());
    }
}
