package org.sipdispatch.catalog;

import java.util.function.Function;

/**
 * What a row says about a destination, in the order in which a table is read. A column that is added here is read, checked for
 * its presence, configurable by {@code NAME_col} and compared by reloads; {@link RowCheck} makes a value of its text.
 */
enum Column {
    SETID("setid", "setid"),
    DESTINATION("destination", "uri", "uri", entry -> entry.destination().uri()),
    SOCKET("socket", "socket"),
    WEIGHT("weight", "weight", "weight", entry -> entry.destination().weight()),
    PRIORITY("priority", "priority", "priority", entry -> entry.destination().priority()),
    ATTRS("attrs", "attrs", "attrs", entry -> entry.destination().attrs()),
    DESCRIPTION(
            "description",
            "description",
            "description",
            entry -> entry.destination().description()),
    STATE("state", "flags"),
    /** Only tables from version 9 on have it. */
    PROBE_MODE("probe_mode", "flags", "probe_mode", entry -> entry.permanentProbing() ? 1 : 0);

    private final String standard;
    private final String inListFile;
    private final String changed;
    private final Function<CatalogEntry, Object> value;

    Column(String standard, String inListFile) {
        this(standard, inListFile, "", entry -> "");
    }

    /**
     * One that a reload may change.
     *
     * @param standard what OpenSIPS calls it
     * @param inListFile what of a list file it is
     * @param changed what it is called where a reload changes it
     */
    Column(String standard, String inListFile, String changed, Function<CatalogEntry, Object> value) {
        this.standard = standard;
        this.inListFile = inListFile;
        this.changed = changed;
        this.value = value;
    }

    String standard() {
        return standard;
    }

    String inListFile() {
        return inListFile;
    }

    String changed() {
        return changed;
    }

    /** The key that sets its name. */
    String key() {
        return standard + "_col";
    }

    /** Its value to compare; the same for all entries where a reload does not take it over. */
    Object of(CatalogEntry entry) {
        return value.apply(entry);
    }

    /** Whether a table may do without a column of that name. */
    boolean mayBeAbsent(String name) {
        return this == PROBE_MODE && name.equals(standard);
    }
}
