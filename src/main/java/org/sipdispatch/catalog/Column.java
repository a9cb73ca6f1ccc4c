package org.sipdispatch.catalog;

import java.util.function.Function;
import org.sipdispatch.destination.Definition;

/**
 * The fields of a row, in the order in which a table is read. A column that is added here is read, checked for its
 * presence, configurable by {@code NAME_col} and compared by reloads; {@link RowCheck} parses its text.
 */
enum Column {
    SETID("setid", "setid"),
    DESTINATION("destination", "uri", "uri", entry -> entry.destination().uri()),
    SOCKET("socket", "socket"),
    WEIGHT(
            "weight",
            "weight",
            "weight",
            entry -> entry.eventSocket() == null ? entry.destination().weight() : entry.eventSocket()),
    PRIORITY("priority", "priority", "priority", entry -> entry.destination().priority()),
    ATTRS("attrs", "attrs", "attrs", entry -> entry.destination().attrs()),
    DESCRIPTION(
            "description",
            "description",
            "description",
            entry -> entry.destination().description()),
    STATE("state", "flags"),
    /** Tables before version 9 lack this column. */
    PROBE_MODE("probe_mode", "flags", "probe_mode", entry -> entry.permanentProbing() ? 1 : 0);

    private final String standard;
    private final String inListFile;
    private final String diffName;
    private final Function<Definition, Object> value;

    Column(String standard, String inListFile) {
        this(standard, inListFile, "", entry -> "");
    }

    /**
     * A column that a reload compares.
     *
     * @param standard the column's name in OpenSIPS
     * @param inListFile the name of the field in a list file, for messages
     * @param changed the name of the field in the list of changes of a reload
     */
    Column(String standard, String inListFile, String changed, Function<Definition, Object> value) {
        this.standard = standard;
        this.inListFile = inListFile;
        this.diffName = changed;
        this.value = value;
    }

    String standard() {
        return standard;
    }

    String inListFile() {
        return inListFile;
    }

    String diffName() {
        return diffName;
    }

    /** The configuration key for the column's name. */
    String key() {
        return standard + "_col";
    }

    /** The value to compare; the same for all entries if a reload does not apply the column. */
    Object of(Definition entry) {
        return value.apply(entry);
    }

    /** Whether a table may lack a column of that name. */
    boolean mayBeAbsent(String name) {
        return this == PROBE_MODE && name.equals(standard);
    }
}
