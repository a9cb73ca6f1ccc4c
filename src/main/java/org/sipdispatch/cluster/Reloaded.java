package org.sipdispatch.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.sipdispatch.catalog.CatalogDiff;
import org.sipdispatch.catalog.CatalogEntry;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.settings.BadSetting;

/**
 * What a reload makes of what is known, before it is made known itself.
 *
 * @param packed all definitions as they will travel
 * @param changes a line for each difference
 */
record Reloaded(byte[] packed, List<String> changes) {
    /** They travel in one frame of at most 1 MiB, together with what the replicator adds. */
    static final int MOST_BYTES = 900 * 1024;

    /**
     * The rows of one partition stand where those before them stood, so that the others keep their places.
     *
     * @param partition the one that counts; empty for all, as also where nothing is known yet
     * @param loaded what was read; of other partitions too, perhaps
     */
    static Reloaded of(Definitions known, String partition, List<Definition> loaded) {
        boolean whole = partition.isEmpty() || known.revision() == 0;
        return of(known, whole ? loaded : replaced(known.all(), partition, loaded));
    }

    /** What a node knew in its former life, as the first definitions of a new cluster. */
    static Reloaded remembered(Known known) {
        List<Definition> rows = known.destinations().stream()
                .map(Known.OfDestination::definition)
                .sorted(Comparator.comparingInt(Definition::place))
                .toList();
        return of(Definitions.NONE, rows);
    }

    private static Reloaded of(Definitions known, List<Definition> all) {
        byte[] packed = DefinitionsText.pack(all);
        if (packed.length > MOST_BYTES) {
            throw new BadSetting(
                    "partitions",
                    all.size() + " destinations, " + packed.length + " bytes when packed",
                    "at most " + MOST_BYTES + " bytes, so that they reach the other nodes");
        }
        return new Reloaded(
                packed, CatalogDiff.between(entries(known.all()), entries(all)).lines());
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

    private static boolean isOf(String partition, Definition row) {
        return row.destination().partition().equals(partition);
    }

    private static List<CatalogEntry> entries(List<Definition> all) {
        return all.stream()
                .map(one -> new CatalogEntry(one.destination(), one.initial(), one.permanentProbing()))
                .toList();
    }

    /** The next revision, newer than any that is known anywhere. */
    Definitions after(Definitions mine, Definitions theirs, long node) {
        return new Definitions(Math.max(mine.revision(), theirs.revision()) + 1, node, packed);
    }
}
