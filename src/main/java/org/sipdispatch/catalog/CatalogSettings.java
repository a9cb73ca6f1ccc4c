package org.sipdispatch.catalog;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.sipdispatch.destination.PartitionPingSettings;
import org.sipdispatch.freeswitch.FreeswitchSettings;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.Section;

/** The block {@code partitions}. Each partition has its own sets, from its own table or list file. */
public final class CatalogSettings {
    private final List<PartitionSettings> partitions;

    CatalogSettings(List<PartitionSettings> partitions) {
        this.partitions = List.copyOf(partitions);
    }

    /**
     * Reads the block. Partition {@code default} comes first and supplies the keys that the others omit. Without a
     * {@code db_url}, or if another partition is the default one, it only supplies keys and is not a partition.
     *
     * @param defaultPartition the partition of sets that are named without one
     */
    public static CatalogSettings from(Section partitions, String defaultPartition) {
        Section common = partitions.sectionOrEmpty(SetId.DEFAULT_PARTITION);
        List<String> named = partitions.keys().stream()
                .filter(name -> !name.equals(SetId.DEFAULT_PARTITION))
                .toList();
        List<PartitionSettings> found = new ArrayList<>();
        PartitionSettingsReader keys = new PartitionSettingsReader(SetId.DEFAULT_PARTITION, common, common);
        keys.refuseUnknown();
        if (!named.contains(defaultPartition) && (keys.has("db_url") || common.has("sources") || named.isEmpty())) {
            found.add(keys.read());
        }
        for (String name : named) {
            if (!name.matches("[\\w.-]+")) {
                partitions.refuse("", name, "a name of letters, digits, _, - and .");
            }
            keys = new PartitionSettingsReader(name, partitions.section(name), common);
            keys.refuseUnknown();
            found.add(keys.read());
        }
        return new CatalogSettings(found);
    }

    /** The same settings; sources may keep files in that directory. */
    public CatalogSettings keptIn(Path dataDirectory) {
        return new CatalogSettings(partitions.stream()
                .map(partition -> partition.keptIn(dataDirectory))
                .toList());
    }

    /** The same settings, with these settings of weights from FreeSWITCH. */
    public CatalogSettings withFreeswitch(FreeswitchSettings freeswitch) {
        return new CatalogSettings(
                partitions.stream().map(partition -> partition.with(freeswitch)).toList());
    }

    /** The same settings; these attributes are capacities, since rules ask for them. */
    public CatalogSettings withResources(Set<String> resources) {
        return new CatalogSettings(partitions.stream()
                .map(partition -> partition.withResources(resources))
                .toList());
    }

    /** The names of the partitions; {@code default} comes first if it is one. */
    public Set<String> names() {
        return partitions.stream().map(PartitionSettings::name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** How the pings of partitions differ from the block {@code probing}, by the partition's name. */
    public Map<String, PartitionPingSettings> pings() {
        return partitions.stream().collect(Collectors.toMap(PartitionSettings::name, PartitionSettings::pings));
    }

    /** The sockets for pings that partitions name, by the path of the key. */
    public Map<String, String> pingSockets() {
        return values(PartitionPingSettings.SOCKET, PartitionPingSettings::socket);
    }

    /** The methods of pings that partitions name, by the path of the key. */
    public Map<String, String> pingMethods() {
        return values(PartitionPingSettings.METHOD, PartitionPingSettings::method);
    }

    private Map<String, String> values(String key, Function<PartitionPingSettings, String> value) {
        Map<String, String> values = new LinkedHashMap<>();
        partitions.stream()
                .filter(partition -> value.apply(partition.pings()) != null)
                .forEach(partition -> values.put(partition.paths().of(key), value.apply(partition.pings())));
        return values;
    }

    /** Only that partition, for read-only use: no missing table is created. */
    public CatalogSettings readOnly(String name) {
        return new CatalogSettings(partitions.stream()
                .filter(partition -> partition.name().equals(name))
                .map(PartitionSettings::readOnly)
                .toList());
    }

    /** The file whose lines are that partition's rows; null if it has none. */
    public Path file(String name) {
        return partitions.stream()
                .filter(partition -> partition.name().equals(name))
                .map(partition -> partition.source().file())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    List<PartitionSettings> partitions() {
        return partitions;
    }
}
