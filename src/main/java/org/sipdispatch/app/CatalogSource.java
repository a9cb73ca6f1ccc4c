package org.sipdispatch.app;

import java.util.Collection;
import java.util.List;
import org.sipdispatch.catalog.Catalog;
import org.sipdispatch.catalog.CatalogSnapshot;
import org.sipdispatch.catalog.StateWrite;
import org.sipdispatch.catalog.Unwritten;
import org.sipdispatch.definitions.DefinitionSource;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.sets.Destination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The catalog as the cluster's source of definitions. */
record CatalogSource(Catalog catalog) implements DefinitionSource {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogSource.class);

    @Override
    public Loaded load(String partition) {
        CatalogSnapshot snapshot = partition.isEmpty() ? catalog.load() : catalog.load(partition);
        return new Loaded(definitions(snapshot), snapshot.warnings(), snapshot.skipped());
    }

    static List<Definition> definitions(CatalogSnapshot snapshot) {
        return snapshot.entries().stream()
                .map(entry -> new Definition(
                        entry.destination(),
                        entry.state(),
                        entry.permanentProbing(),
                        0,
                        snapshot.entries().size(),
                        0))
                .toList();
    }

    @Override
    public List<String> partitions() {
        return catalog.partitions();
    }

    @Override
    public List<String> check(Destination destination) {
        return catalog.complaints(destination);
    }

    @Override
    public Collection<StateWrite> write(Collection<StateWrite> states) {
        Unwritten unwritten = catalog.writeStates(states);
        unwritten.reasons().forEach(reason -> LOG.warn("states not written: {}", reason));
        return unwritten.states();
    }
}
