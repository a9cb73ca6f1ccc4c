package org.sipdispatch.catalog;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.sets.Destination;

/**
 * Several sources of one partition. Their rows follow each other in the order of the sources; of rows with the same set,
 * URI and socket in several sources, those of the first one count.
 *
 * @param members the sources in their order
 */
record SeveralSources(List<Member> members) implements SourceSettings {
    /**
     * One of the sources.
     *
     * @param paths the full path of each key, for error messages
     */
    record Member(PartitionSettings.KeyPaths paths, SourceSettings settings) {}

    @Override
    public PartitionSource open(PartitionSettings partition, KnownSockets sockets, Pools pools) {
        return new JoinedRows(members.stream()
                .map(member -> new OpenSource(
                        member.settings().open(partition.with(member.paths()), sockets, pools),
                        member.settings().watchedPlace() != null))
                .toList());
    }

    /** The places of those that can be watched; a change of one of them reads the others again too. */
    @Override
    public String watchedPlace() {
        String places = members.stream()
                .map(member -> member.settings().watchedPlace())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(", "));
        return places.isEmpty() ? null : places;
    }

    @Override
    public Duration watchInterval() {
        return members.stream()
                .map(member -> member.settings().watchInterval())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    @Override
    public SourceSettings keptIn(Path dataDirectory) {
        return new SeveralSources(members.stream()
                .map(member -> new Member(member.paths(), member.settings().keptIn(dataDirectory)))
                .toList());
    }

    @Override
    public SourceSettings readOnly() {
        return new SeveralSources(members.stream()
                .map(member -> new Member(member.paths(), member.settings().readOnly()))
                .toList());
    }

    private record OpenSource(PartitionSource source, boolean isWatched) {}

    private record JoinedRows(List<OpenSource> all) implements PartitionSource {
        @Override
        public void prepare() {
            all.forEach(one -> one.source().prepare());
        }

        @Override
        public void probe() {
            all.forEach(one -> one.source().probe());
        }

        @Override
        public CatalogSnapshot load() {
            return joined(all.stream().map(one -> one.source().load()).toList());
        }

        private static CatalogSnapshot joined(List<CatalogSnapshot> parts) {
            Set<String> earlier = new HashSet<>();
            CatalogSnapshot all = CatalogSnapshot.NOTHING;
            for (CatalogSnapshot part : parts) {
                List<Definition> rows = new ArrayList<>();
                Warnings warnings = new Warnings();
                for (Definition row : part.entries()) {
                    if (earlier.contains(row.destination().sharedId())) {
                        warnings.add(
                                "", "destination", row.id(), "in one source only; the row of an earlier source counts");
                    } else {
                        rows.add(row);
                    }
                }
                rows.forEach(row -> earlier.add(row.destination().sharedId()));
                all = all.plus(new CatalogSnapshot(rows, part.warnings(), part.skipped()))
                        .plus(new CatalogSnapshot(List.of(), warnings.lines(), List.of()));
            }
            return all;
        }

        @Override
        public SourceContent content() {
            List<SourceContent> contents = all.stream()
                    .map(one -> one.isWatched() ? one.source().content() : null)
                    .toList();
            String fingerprints = contents.stream()
                    .filter(Objects::nonNull)
                    .map(SourceContent::fingerprint)
                    .collect(Collectors.joining(" "));
            boolean isWhole = contents.stream().allMatch(content -> content == null || content.isWhole());
            return new SourceContent(fingerprints, isWhole, () -> {
                List<CatalogSnapshot> parts = new ArrayList<>();
                for (int i = 0; i < contents.size(); i++) {
                    SourceContent content = contents.get(i);
                    parts.add(
                            content == null
                                    ? all.get(i).source().load()
                                    : content.rows().get());
                }
                return joined(parts);
            });
        }

        @Override
        public boolean isTable() {
            return all.stream().anyMatch(one -> one.source().isTable());
        }

        private Stream<PartitionSource> tables() {
            return all.stream().map(OpenSource::source).filter(PartitionSource::isTable);
        }

        @Override
        public boolean has(Destination destination) {
            return tables().anyMatch(table -> table.has(destination));
        }

        /** Into the first table that has the row, because that one counts; a new row into the first table. */
        @Override
        public void put(Definition row, List<String> given) {
            tables().filter(table -> table.has(row.destination()))
                    .findFirst()
                    .or(() -> tables().findFirst())
                    .orElseThrow()
                    .put(row, given);
        }

        @Override
        public void remove(Destination destination) {
            tables().forEach(table -> table.remove(destination));
        }

        @Override
        public Unwritten write(List<StateWrite> writes, BooleanSupplier valid) {
            return all.stream()
                    .map(one -> one.source().write(writes, valid))
                    .reduce(Unwritten.NOTHING, Unwritten::plus);
        }
    }
}
