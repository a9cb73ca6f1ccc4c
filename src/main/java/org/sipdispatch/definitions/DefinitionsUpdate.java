package org.sipdispatch.definitions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.sipdispatch.catalog.CatalogDiff;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.Removal;
import org.sipdispatch.replication.Definitions;
import org.sipdispatch.replication.DefinitionsCodec;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.settings.SettingException;

/**
 * The result of a reload or another change before it is published. Temporary destinations and pushed attributes, which
 * the source does not have, survive reloads.
 *
 * @param all the new definitions in their order
 * @param loaded whether definitions were loaded from the source
 * @param packed the new definitions encoded for the network
 * @param changes a line for each difference
 * @param removes whether any destination is removed
 * @param warnings a line for each temporary destination that was replaced by a row, and for each partition that the
 *     reload leaves without destinations
 */
record DefinitionsUpdate(
        List<Definition> all,
        boolean loaded,
        byte[] packed,
        List<String> changes,
        boolean removes,
        List<String> warnings) {
    /**
     * The encoded definitions must fit one remoting frame of at most 1 MiB, together with the replicator's overhead.
     */
    static final int MOST_BYTES = 900 * 1024;

    /**
     * Merges loaded rows. The rows of one partition take the position of its previous rows, so that other partitions
     * keep their order.
     *
     * @param partition the partition to replace; empty for all; ignored if nothing was loaded before
     * @param dropTemporary whether temporary destinations of the replaced partitions are removed
     * @param loaded the loaded rows, possibly of other partitions too
     */
    static DefinitionsUpdate of(Definitions known, String partition, boolean dropTemporary, List<Definition> loaded) {
        List<Definition> before = known.all();
        boolean whole = partition.isEmpty() || !known.isLoaded();
        List<Definition> rows = whole ? loaded : replaced(written(before), partition, loaded);
        Set<String> ids = rows.stream().map(Definition::id).collect(Collectors.toSet());
        List<Definition> kept = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Definition one : temporary(before)) {
            boolean dropped = dropTemporary && (partition.isEmpty() || isOf(partition, one));
            if (!dropped && ids.contains(one.id())) {
                warnings.add("destination: " + one.id()
                        + " (expected: temporary or in a table or list, not both); its row is used now");
            } else if (!dropped) {
                kept.add(one);
            }
        }
        List<Definition> all = behind(attributed(rows, before), kept);
        warnings.addAll(emptied(before, partition, all));
        return of(known, all, true, warnings);
    }

    /** A line for each partition without destinations that had some or was to be reloaded. */
    private static List<String> emptied(List<Definition> before, String partition, List<Definition> after) {
        Set<String> empty = partitions(before);
        if (!partition.isEmpty()) {
            empty.add(partition);
        }
        empty.removeAll(partitions(after));
        return empty.stream()
                .map(one -> "partition: " + one + " has no destination (expected: at least one); requests that"
                        + " select from it cannot be dispatched")
                .toList();
    }

    private static Set<String> partitions(List<Definition> all) {
        return all.stream().map(one -> one.destination().partition()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The definitions that a node knew in its former session, as the first definitions of a new cluster. */
    static DefinitionsUpdate remembered(DestinationsSnapshot known) {
        List<Definition> rows = known.destinations().stream()
                .map(DestinationsSnapshot.KnownDestination::definition)
                .sorted(Comparator.comparingInt(Definition::place))
                .toList();
        return of(Definitions.NONE, rows, !written(rows).isEmpty(), List.of());
    }

    /** Adds a temporary destination, or replaces it. */
    static DefinitionsUpdate with(Definitions known, Definition fresh) {
        Map<String, Definition> temporary = new LinkedHashMap<>();
        temporary(known.all()).forEach(one -> temporary.put(one.id(), one));
        if (written(known.all()).stream().anyMatch(one -> one.id().equals(fresh.id()))) {
            throw new SettingException("destination", fresh.id(), "one that is in no table or list");
        }
        Definition before = temporary.get(fresh.id());
        temporary.put(
                fresh.id(),
                new Definition(
                        fresh.destination(),
                        fresh.initial(),
                        fresh.permanentProbing(),
                        0,
                        0,
                        0,
                        before == null ? fresh.scriptAttrs() : before.scriptAttrs(),
                        true));
        List<Definition> all = behind(written(known.all()), List.copyOf(temporary.values()));
        return of(known, all, known.isLoaded(), List.of());
    }

    /** Removes a destination, which must be temporary. */
    static DefinitionsUpdate without(Definitions known, String id) {
        Definition gone = known.all().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new SettingException("destination", id, "one that is defined"));
        if (!gone.temporary()) {
            throw new SettingException("destination", id, "a temporary one; this one is in a table or list");
        }
        List<Definition> rest =
                known.all().stream().filter(one -> !one.id().equals(id)).toList();
        return of(known, rest, known.isLoaded(), List.of());
    }

    /** Sets the script attributes of destinations. */
    static DefinitionsUpdate withAttrs(Definitions known, List<String> ids, String attrs) {
        Set<String> wanted = new HashSet<>(ids);
        List<Definition> all = known.all().stream()
                .map(one -> wanted.contains(one.id()) ? one.withScriptAttrs(attrs) : one)
                .toList();
        all.forEach(one -> wanted.remove(one.id()));
        if (!wanted.isEmpty()) {
            throw new SettingException("destination", wanted.iterator().next(), "one that is defined");
        }
        return of(known, all, known.isLoaded(), List.of());
    }

    private static DefinitionsUpdate of(
            Definitions known, List<Definition> all, boolean loaded, List<String> warnings) {
        byte[] packed = DefinitionsCodec.pack(all, loaded, known.removals());
        if (packed.length > MOST_BYTES) {
            throw new SettingException(
                    "partitions",
                    all.size() + " destinations, " + packed.length + " bytes when packed",
                    "at most " + MOST_BYTES + " bytes, so that they reach the other nodes");
        }
        CatalogDiff diff = CatalogDiff.between(known.all(), all);
        List<String> changes = changes(diff, known.all(), all);
        return new DefinitionsUpdate(
                all, loaded, packed, changes, !diff.removed().isEmpty(), warnings);
    }

    private static List<Definition> written(List<Definition> all) {
        return all.stream().filter(one -> !one.temporary()).toList();
    }

    private static List<Definition> temporary(List<Definition> all) {
        return all.stream().filter(Definition::temporary).toList();
    }

    private static List<Definition> replaced(List<Definition> known, String partition, List<Definition> loaded) {
        List<Definition> fresh =
                loaded.stream().filter(row -> isOf(partition, row)).toList();
        List<Definition> all = new ArrayList<>();
        boolean placed = false;
        for (Definition row : known) {
            if (!isOf(partition, row)) {
                all.add(row);
            } else if (!placed) {
                all.addAll(fresh);
                placed = true;
            }
        }
        if (!placed) {
            all.addAll(fresh);
        }
        return all;
    }

    /** The rows with the script attributes of the previous rows with the same ids. */
    private static List<Definition> attributed(List<Definition> rows, List<Definition> before) {
        Map<String, String> pushed = scriptAttrs(before);
        return rows.stream()
                .map(row -> row.withScriptAttrs(pushed.getOrDefault(row.id(), "")))
                .toList();
    }

    /**
     * Inserts temporary destinations after the last row of their partition, and so after the other destinations of
     * their set.
     */
    private static List<Definition> behind(List<Definition> rows, List<Definition> temporary) {
        Map<String, List<Definition>> waiting = new LinkedHashMap<>();
        temporary.forEach(one -> waiting.computeIfAbsent(one.destination().partition(), unused -> new ArrayList<>())
                .add(one));
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            last.put(rows.get(i).destination().partition(), i);
        }
        List<Definition> all = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            String partition = rows.get(i).destination().partition();
            all.add(rows.get(i));
            if (last.get(partition) == i && waiting.containsKey(partition)) {
                all.addAll(waiting.remove(partition));
            }
        }
        waiting.values().forEach(all::addAll);
        return all;
    }

    private static boolean isOf(String partition, Definition row) {
        return row.destination().partition().equals(partition);
    }

    private static List<String> changes(CatalogDiff diff, List<Definition> before, List<Definition> after) {
        List<String> lines = new ArrayList<>(diff.lines());
        Map<String, String> old = scriptAttrs(before);
        scriptAttrs(after).forEach((id, now) -> {
            String then = old.getOrDefault(id, now);
            if (!then.equals(now)) {
                lines.add("~ " + id + " script attrs: " + shown(then) + " -> " + shown(now));
            }
        });
        return lines;
    }

    private static Map<String, String> scriptAttrs(List<Definition> all) {
        Map<String, String> attrs = new LinkedHashMap<>();
        all.forEach(one -> attrs.put(one.id(), one.scriptAttrs()));
        return attrs;
    }

    private static String shown(String text) {
        return text.isEmpty() ? "nothing" : text.replaceAll("\\p{Cntrl}+", " ");
    }

    /** Records who ordered the removals and why, if there are any; {@code known}: the definitions before the change. */
    DefinitionsUpdate by(String who, String why, Definitions known) {
        if (!removes) {
            return this;
        }
        List<Removal> removals = Removal.with(known.removals(), new Removal(known.revision() + 1, who, why));
        byte[] signed = DefinitionsCodec.pack(all, loaded, removals);
        return new DefinitionsUpdate(all, loaded, signed, changes, true, warnings);
    }

    /** Whether these definitions were published already, row by row with all fields. */
    boolean isSameAs(Definitions published) {
        return published.revision() > 0 && Arrays.equals(packed, published.packed());
    }

    /** The definitions of the next revision, larger than both given ones. */
    Definitions after(Definitions mine, Definitions theirs, long node) {
        return new Definitions(Math.max(mine.revision(), theirs.revision()) + 1, node, packed);
    }
}
