package org.sipdispatch.operations;

import java.util.List;
import java.util.function.Predicate;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.SetId;

/** Lists all sets, and counts their destinations by state. */
public final class ListSets {
    private final OperationContext context;

    ListSets(OperationContext context) {
        this.context = context;
    }

    public record SetSummary(SetId id, int active, int probing, int inactive, int takingTraffic, int temporary) {
        public int destinations() {
            return active + probing + inactive;
        }
    }

    public record All(long revision, List<SetSummary> sets) {}

    public All answer() {
        return all(context.destinations());
    }

    static All all(DestinationsSnapshot known) {
        return new All(
                known.revision(),
                known.sets().stream()
                        .sorted(SetId.IN_LISTS)
                        .map(set -> row(set, known.ofSet(set)))
                        .toList());
    }

    private static SetSummary row(SetId id, List<DestinationsSnapshot.KnownDestination> members) {
        return new SetSummary(
                id,
                count(members, one -> ListDestinations.stateOf(one) == DestinationState.ACTIVE),
                count(members, one -> ListDestinations.stateOf(one) == DestinationState.PROBING),
                count(members, one -> ListDestinations.stateOf(one) == DestinationState.INACTIVE),
                count(members, ListSets::takesTraffic),
                count(members, one -> one.definition().temporary()));
    }

    private static boolean takesTraffic(DestinationsSnapshot.KnownDestination one) {
        return one.status() == null
                ? one.definition().initial().takesTraffic()
                : one.status().takesTraffic();
    }

    private static int count(
            List<DestinationsSnapshot.KnownDestination> members,
            Predicate<DestinationsSnapshot.KnownDestination> which) {
        return (int) members.stream().filter(which).count();
    }
}
