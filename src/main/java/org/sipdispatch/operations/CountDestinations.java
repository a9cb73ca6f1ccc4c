package org.sipdispatch.operations;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.SetId;

/** Counts the destinations of a set by state: {@code ds_count}. */
public final class CountDestinations {
    private final OperationContext context;

    CountDestinations(OperationContext context) {
        this.context = context;
    }

    /**
     * Counts destinations.
     *
     * @param states letters or digits as for {@code ds_count}: a or 1 active, i or 0 inactive, p or 2 probing; all
     *     states if it is empty
     */
    public int answer(String partition, int set, String states) {
        EnumSet<DestinationState> wanted = EnumSet.noneOf(DestinationState.class);
        for (char letter : states.toLowerCase(Locale.ROOT).toCharArray()) {
            switch (letter) {
                case 'a', '1' -> wanted.add(DestinationState.ACTIVE);
                case 'i', '0' -> wanted.add(DestinationState.INACTIVE);
                case 'p', '2' -> wanted.add(DestinationState.PROBING);
                default ->
                    throw OperationException.bad("states", states, "letters of a (active), i (inactive), p (probing)");
            }
        }
        List<DestinationsSnapshot.KnownDestination> members =
                context.destinations().ofSet(new SetId(partition, set));
        if (members.isEmpty()) {
            throw OperationException.unknown("set", partition + ":" + set, "one with destinations");
        }
        return (int) members.stream()
                .filter(one -> wanted.isEmpty() || wanted.contains(ListDestinations.stateOf(one)))
                .count();
    }
}
