package org.sipdispatch.catalog;

import java.util.List;
import java.util.stream.Stream;

/**
 * States that could not be written and should be tried again.
 *
 * @param states the states that are not written
 * @param reasons the reasons, one line for each partition
 */
public record UnwrittenStates(List<StateWrite> states, List<String> reasons) {
    /** All states are written. */
    public static final UnwrittenStates NOTHING = new UnwrittenStates(List.of(), List.of());

    public UnwrittenStates {
        states = List.copyOf(states);
        reasons = List.copyOf(reasons);
    }

    /** Both together. */
    public UnwrittenStates plus(UnwrittenStates other) {
        return new UnwrittenStates(
                Stream.concat(states.stream(), other.states.stream()).toList(),
                Stream.concat(reasons.stream(), other.reasons.stream()).toList());
    }
}
