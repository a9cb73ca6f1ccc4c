package org.sipdispatch.definitions;

import java.util.Collection;
import java.util.List;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;

/** The door to where destinations are written down. Blocks; whatever cannot be read is a BadSetting. */
public interface Source {
    /**
     * What was read.
     *
     * @param definitions place, places and revision are not set yet
     * @param warnings what was skipped or mended
     * @param skipped those of the warnings for which a row was skipped
     */
    record Loaded(List<Definition> definitions, List<String> warnings, List<String> skipped) {
        static final Loaded NOTHING = new Loaded(List.of(), List.of(), List.of());
    }

    /** A state to write back. */
    record StateWrite(Destination destination, DestinationState state) {}

    /** Reads all partitions; or that one, if it is not empty. */
    Loaded load(String partition);

    /** The partitions that are configured. Does not block. */
    List<String> partitions();

    /** What is wrong with a destination by the rules for rows, one line each; none if it is right. Does not block. */
    List<String> check(Destination destination);

    /** Writes the state column; returns what could not be written. */
    Collection<StateWrite> write(Collection<StateWrite> states);
}
