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
import java.util.function.Function;
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
record CombinedSourceSettings(List<Member> members) implements SourceSettings {
    /**
     * One of the sources.
     *
     * @param paths the full path of each key, for error messages
     */
    record Member(PartitionSettings.KeyPaths paths, SourceSettings settings) {}

    @Override
    public PartitionSource open(PartitionSettings partition, KnownSockets sockets, ConnectionPools pools) {
        return new JoinedRows(members.stream()
                .map(member -> new OpenSource(
                        member.settings().open(partition.with(member.paths()), sockets, pools),
                        member.settings().watchedPlace()))
                .toList());
    }

    /** The places of the sources that can be watched; after a change of one of them the others are read again too. */
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
        return new CombinedSourceSettings(members.stream()
                .map(member -> new Member(member.paths(), member.settings().keptIn(dataDirectory)))
                .toList());
    }

    @Override
    public SourceSettings readOnly() {
        return new CombinedSourceSettings(members.stream()
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

        /** The source's first usable row of this set, URI and socket; null if there is none. */
        private Definition row(Destination destination) {
            return source.load().entries().stream()
                    .filter(row -> row.destination().sharedId().equals(destination.sharedId()))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** The row that counts, and its source. */
    private record CountingRow(OpenSource source, Definition row) {
        /**
         * A row that replaces this one, with the fields of this one that are not given.
         *
         * @param given which of weight, priority, attrs and description are given
         */
        private Definition with(Definition other, List<String> given) {
            if (row.eventSocket() != null && !given.contains(Column.WEIGHT.standard())) {
                throw new SettingException(
                        Column.WEIGHT.standard(),
                        "not given",
                        "a number, since that of the row in " + source.place() + " comes from FreeSWITCH");
            }
            Destination fresh = other.destination();
            Function<Column, Destination> of = column -> given.contains(column.standard()) ? fresh : row.destination();
            Destination whole = new Destination(
                    fresh.partition(),
                    fresh.set(),
                    fresh.uri(),
                    fresh.socket(),
                    of.apply(Column.WEIGHT).weight(),
                    of.apply(Column.PRIORITY).priority(),
                    of.apply(Column.ATTRS).attrs(),
                    of.apply(Column.DESCRIPTION).description());
            return new Definition(whole, other.initial(), row.permanentProbing());
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

        @Override
        public CatalogSnapshot loadFirst() {
            return joined(all.stream().map(one -> one.source().loadFirst()).toList());
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
            return new SourceContent(fingerprints, isWhole, () -> rows(contents));
        }

        /** {@code contents}: those of the sources that can be watched; null for the others. */
        private CatalogSnapshot rows(List<SourceContent> contents) {
            List<CatalogSnapshot> parts = contents.stream()
                    .map(content -> content == null ? null : content.rows().get())
                    .collect(Collectors.toCollection(ArrayList::new));
            boolean isUsable = parts.stream()
                    .allMatch(part -> part == null || part.skipped().isEmpty());
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i) == null) {
                    CatalogSnapshot part = unwatched(all.get(i));
                    if (isUsable && !part.skipped().isEmpty()) {
                        throw OtherSourceException.unusable(part.skipped());
                    }
                    parts.set(i, part);
                }
            }
            return joined(parts);
        }

        private static CatalogSnapshot unwatched(OpenSource one) {
            try {
                return one.source().load();
            } catch (SettingException e) {
                throw new OtherSourceException(e.getMessage());
            }
        }

        @Override
        public boolean isTable() {
            return all.stream().anyMatch(OpenSource::isTable);
        }

        /**
         * Puts the row into the table whose row is loaded. If that row's source is not a table, or if there is no such
         * row, puts it into the first table before that source, because the row of the first source counts; preferably
         * into a table that has an unusable row of this name. The new row then has the fields of the row that it
         * replaces, except those that are given.
         */
        @Override
        public void put(Definition row, List<String> given) {
            Destination destination = row.destination();
            CountingRow counts = counting(destination);
            OpenSource loaded = counts == null ? null : counts.source();
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
            PartitionSource table = (unusable == null ? tables.get(0) : unusable).source();
            if (counts == null) {
                table.put(row, given);
            } else {
                table.put(counts.with(row, given), TableRowWriter.FIELDS);
            }
        }

        /** The row that counts; null if no source has a usable one. */
        private CountingRow counting(Destination destination) {
            for (OpenSource source : all) {
                Definition row = source.row(destination);
                if (row != null) {
                    return new CountingRow(source, row);
                }
            }
            return null;
        }

        /**
         * Removes the row from every table that has it. Checks all tables first, so that most refusals change none. The
         * row that counts is removed last: until then, a failure changes no destination.
         */
        @Override
        public void remove(Destination destination) {
            List<OpenSource> tables = all.stream().filter(OpenSource::isTable).toList();
            List<OpenSource> having = tables.stream()
                    .filter(table -> table.source().has(destination))
                    .toList();
            CountingRow counts = counting(destination);
            OpenSource counting = counts == null ? null : counts.source();
            boolean isOfTable = counting == null || counting.isTable();
            if (!isOfTable
                    && before(having.isEmpty() ? tables.get(0) : having.get(0)).contains(counting)) {
                throw isNoRowOfATable(destination, counting);
            }
            List<OpenSource> order = new ArrayList<>(having);
            if (order.remove(counting)) {
                order.add(counting);
            }
            for (int i = 0; i < order.size(); i++) {
                try {
                    order.get(i).source().remove(destination);
                } catch (SettingException e) {
                    throw i == 0 ? e : isDeletedInPart(destination, order.get(i), order.subList(0, i), e);
                }
            }
        }

        private SettingException isDeletedInPart(
                Destination destination, OpenSource refusing, List<OpenSource> done, SettingException why) {
            String deleted = done.stream().map(this::key).collect(Collectors.joining(", "));
            return new SettingException(
                    "destination",
                    destination.id(),
                    "a row that can be deleted from every table; it is deleted from " + deleted + ", not from "
                            + key(refusing) + ", and no destination has changed: " + why.getMessage());
        }

        private String key(OpenSource source) {
            return "sources[" + all.indexOf(source) + "]";
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
        public UnwrittenStates write(List<StateWrite> writes, BooleanSupplier valid) {
            return all.stream()
                    .map(one -> one.source().write(writes, valid))
                    .reduce(UnwrittenStates.NOTHING, UnwrittenStates::plus);
        }
    }
}
