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
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

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
                        member.settings().watchedPlace()))
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

    /**
     * An open source.
     *
     * @param place its file or URL; null for a table
     */
    private record OpenSource(PartitionSource source, String place) {
        private boolean isWatched() {
            return place != null;
        }

        private boolean isTable() {
            return source.isTable();
        }

        /** Whether it has a usable row of this set, URI and socket. */
        private boolean loads(Destination destination) {
            return source.load().entries().stream()
                    .anyMatch(row -> row.destination().sharedId().equals(destination.sharedId()));
        }
    }

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
            return all.stream().anyMatch(OpenSource::isTable);
        }

        /**
         * Into the table whose row is loaded. If that row's source is no table, or if there is none, into the first table
         * before it, because the row of the first source counts; preferably one that has an unusable row of this name.
         */
        @Override
        public void put(Definition row, List<String> given) {
            Destination destination = row.destination();
            OpenSource loaded = first(all, source -> source.loads(destination));
            if (loaded != null && loaded.isTable()) {
                loaded.source().put(row, given);
                return;
            }
            List<OpenSource> tables =
                    before(loaded).stream().filter(OpenSource::isTable).toList();
            if (tables.isEmpty()) {
                throw isNoRowOfATable(destination, loaded);
            }
            OpenSource unusable = first(tables, table -> table.source().has(destination));
            (unusable == null ? tables.get(0) : unusable).source().put(row, given);
        }

        /** From every table that has the row. Looks into all of them first, so that a refusal changes none. */
        @Override
        public void remove(Destination destination) {
            List<OpenSource> tables = all.stream().filter(OpenSource::isTable).toList();
            List<OpenSource> having = tables.stream()
                    .filter(table -> table.source().has(destination))
                    .toList();
            OpenSource counts = first(
                    before(having.isEmpty() ? tables.get(0) : having.get(0)),
                    source -> !source.isTable() && source.loads(destination));
            if (counts != null) {
                throw isNoRowOfATable(destination, counts);
            }
            having.forEach(table -> table.source().remove(destination));
        }

        private static OpenSource first(List<OpenSource> sources, Predicate<OpenSource> which) {
            return sources.stream().filter(which).findFirst().orElse(null);
        }

        /** The sources before this one; all if it is null. */
        private List<OpenSource> before(OpenSource source) {
            return source == null ? all : all.subList(0, all.indexOf(source));
        }

        private static SettingException isNoRowOfATable(Destination destination, OpenSource counts) {
            return new SettingException(
                    "destination",
                    destination.id(),
                    "one whose row is in a table; the row of " + counts.place() + " counts and is changed there");
        }

        @Override
        public Unwritten write(List<StateWrite> writes, BooleanSupplier valid) {
            return all.stream()
                    .map(one -> one.source().write(writes, valid))
                    .reduce(Unwritten.NOTHING, Unwritten::plus);
        }
    }
}
