package org.sipdispatch.catalog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.Section;

/** The block {@code partitions}: each has its own sets, from its own table or list file. */
public final class CatalogSettings {
    private final List<PartitionSettings> partitions;

    private CatalogSettings(List<PartitionSettings> partitions) {
        this.partitions = List.copyOf(partitions);
    }

    /**
     * Reads the block. Partition {@code default} comes first and lends the others each key they leave out. Without a
     * {@code db_url} it only lends.
     */
    public static CatalogSettings from(Section partitions) {
        Section common = partitions.sectionOrEmpty(SetId.DEFAULT_PARTITION);
        List<String> named = partitions.keys().stream()
                .filter(name -> !name.equals(SetId.DEFAULT_PARTITION))
                .toList();
        List<PartitionSettings> found = new ArrayList<>();
        PartitionKeys keys = new PartitionKeys(SetId.DEFAULT_PARTITION, common, common);
        keys.refuseUnknown();
        if (keys.has("db_url") || named.isEmpty()) {
            found.add(keys.read());
        }
        for (String name : named) {
            if (!name.matches("[\\w.-]+")) {
                partitions.refuse("", name, "a name of letters, digits, _, - and .");
            }
            keys = new PartitionKeys(name, partitions.section(name), common);
            keys.refuseUnknown();
            found.add(keys.read());
        }
        return new CatalogSettings(found);
    }

    /** The names of the partitions; {@code default} first if it is one. */
    public Set<String> names() {
        return partitions.stream().map(PartitionSettings::name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** That partition alone, and nothing is made where it is missing: for who only looks. */
    public CatalogSettings lookingAt(String name) {
        return new CatalogSettings(partitions.stream()
                .filter(partition -> partition.name().equals(name))
                .map(PartitionSettings::withoutScript)
                .toList());
    }

    List<PartitionSettings> partitions() {
        return partitions;
    }
}
