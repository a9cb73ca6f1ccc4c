package org.sipdispatch.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

/**
 * A blacklist: rules that name it never relay to an address of a destination of these sets.
 *
 * @param path the path of the setting that defines it
 */
public record Blacklist(String name, List<SetId> sets, String path) {
    /** As in OpenSIPS. */
    private static final int MOST_SETS = 32;

    private static final String KEY = "ds_define_blacklist";
    private static final String NAME = "[\\w.-]+";
    private static final String FORM = "name = set,set with up to " + MOST_SETS + " set numbers";
    private static final String SETS = "[partition:]set[,set...] with up to " + MOST_SETS + " set numbers";

    /**
     * Reads the block {@code blacklists}, and {@code ds_define_blacklist} at the top and in each partition, by name.
     *
     * @param defaultPartition the partition of sets without one
     */
    static Map<String, Blacklist> from(Section root, String defaultPartition) {
        List<Blacklist> all = new ArrayList<>();
        Section block = root.sectionOrEmpty("blacklists");
        for (String name : block.keys()) {
            block.check(() -> all.add(blacklist(block.path(name), name, block.text(name), defaultPartition)));
        }
        define(root, defaultPartition, all);
        Section partitions = root.sectionOrEmpty("partitions");
        for (String partition : partitions.keys()) {
            define(partitions.sectionOrEmpty(partition), partition, all);
        }
        Map<String, Blacklist> byName = new TreeMap<>();
        for (Blacklist one : all) {
            Blacklist other = byName.putIfAbsent(one.name, one);
            if (other != null) {
                root.refuse(one.path, one.name, "a name that " + other.path + " does not have");
            }
        }
        return byName;
    }

    private static void define(Section section, String partition, List<Blacklist> all) {
        if (section.has(KEY)) {
            List<String> definitions = section.texts(KEY);
            for (int i = 0; i < definitions.size(); i++) {
                // Only one problem is reported for each path.
                String path = section.path(KEY) + (definitions.size() == 1 ? "" : "[" + i + "]");
                String definition = definitions.get(i);
                section.check(() -> all.add(defined(path, definition, partition)));
            }
        }
    }

    private static Blacklist defined(String path, String definition, String partition) {
        int equals = definition.indexOf('=');
        if (equals < 0) {
            throw new SettingException(path, definition, FORM);
        }
        return blacklist(
                path,
                definition.substring(0, equals).strip(),
                definition.substring(equals + 1).strip(),
                partition);
    }

    private static Blacklist blacklist(String path, String name, String sets, String partition) {
        if (!name.matches(NAME)) {
            throw new SettingException(path, name, "a name of letters, digits, _, - and .");
        }
        int colon = sets.indexOf(':');
        String where = colon < 0 ? partition : sets.substring(0, colon).strip();
        List<SetId> ids = new ArrayList<>();
        for (String number : sets.substring(colon + 1).split(",", MOST_SETS + 1)) {
            if (where.isEmpty() || ids.size() == MOST_SETS || !number.strip().matches("\\d{1,9}")) {
                throw new SettingException(path, sets, SETS);
            }
            ids.add(new SetId(where, Integer.parseInt(number.strip())));
        }
        return new Blacklist(name, List.copyOf(ids), path);
    }

    @Override
    public String toString() {
        return name + " (" + sets.stream().map(SetId::toString).collect(Collectors.joining(", ")) + ")";
    }
}
