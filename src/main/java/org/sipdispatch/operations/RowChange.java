package org.sipdispatch.operations;

import java.util.Objects;
import java.util.Set;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;

/**
 * A row to put into a table.
 *
 * @param destination the row, with defaults for fields that are not given
 * @param initial the state of a new row
 * @param given the names of the fields that the caller gives; a row that exists keeps all others
 */
public record RowChange(Destination destination, DestinationState initial, Set<String> given) {
    /** Whether this destination of the set is the row. */
    boolean isFor(Definition known) {
        return known.destination().uri().equalsIgnoreCase(destination.uri())
                && Objects.equals(known.destination().socket(), destination.socket());
    }

    /** The row as it is written; {@code known}: the present one, null for none. */
    Definition onto(Definition known) {
        if (known == null || known.temporary()) {
            return new Definition(destination, initial, false);
        }
        Destination old = known.destination();
        boolean fixed = given.contains("weight");
        Destination merged = new Destination(
                destination.partition(),
                destination.set(),
                destination.uri(),
                destination.socket(),
                fixed ? destination.weight() : old.weight(),
                given.contains("priority") ? destination.priority() : old.priority(),
                given.contains("attrs") ? destination.attrs() : old.attrs(),
                given.contains("description") ? destination.description() : old.description());
        return new Definition(merged, initial, false).withEventSocket(fixed ? null : known.eventSocket());
    }
}
