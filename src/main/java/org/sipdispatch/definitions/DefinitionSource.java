package org.sipdispatch.definitions;

import java.util.Collection;
import java.util.List;
import org.sipdispatch.catalog.StateWrite;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.sets.Destination;

/**
 * The source of the definitions, such as a database table. Methods block unless stated otherwise, and throw a
 * {@code SettingException} if the source cannot be read.
 */
public interface DefinitionSource {
    /**
     * The loaded rows.
     *
     * @param definitions the usable rows, without place, places and revision
     * @param warnings a line for each row that was skipped or corrected
     * @param skipped the warnings of skipped rows
     */
    record Loaded(List<Definition> definitions, List<String> warnings, List<String> skipped) {
        static final Loaded NOTHING = new Loaded(List.of(), List.of(), List.of());
    }

    /** Reads one partition, or all if {@code partition} is empty. */
    Loaded load(String partition);

    /** The configured partitions. Does not block. */
    List<String> partitions();

    /**
     * Checks a destination by the rules for rows: one line for each problem, empty if there is none. Does not block.
     */
    List<String> check(Destination destination);

    /** Writes the state column; returns the states that could not be written. */
    Collection<StateWrite> write(Collection<StateWrite> states);
}
