package org.sipdispatch.operations;

import java.util.List;
import java.util.function.Predicate;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.SetId;

/** Lists all sets, and counts their destinations by state. */
public final class ListSets {
    private final OperationContext here;

    ListSets(OperationContext here) {
        this.here = here;
    }

    public record Row(SetId id, int active, int probing, int inactive, int takingTraffic, int temporary) {
        public int destinations() {
            return active + probing + inactive;
        }
    }

    public record All(long revision, List<Row> sets) {}

    public All answer() {
        return all(here.destinations());
    }

    static All all(DestinationsSnapshot known) {
        return new All(
                known.revision(),
                known.sets().stream()
                        .sorted(SetId.IN_LISTS)
                        .map(set -> row(set, known.ofSet(set)))
                        .toList());
    }

    private static Row row(SetId id, List<DestinationsSnapshot.Entry> members) {
        return new Row(
                id,
                count(members, one -> ListDestinations.stateOf(one) == DestinationState.ACTIVE),
                count(members, one -> ListDestinations.stateOf(one) == DestinationState.PROBING),
                count(members, one -> ListDestinations.stateOf(one) == DestinationState.INACTIVE),
                count(members, ListSets::takesTraffic),
                count(members, one -> one.definition().temporary()));
    }

    private static boolean takesTraffic(DestinationsSnapshot.Entry one) {
        return one.status() == null
                ? one.definition().initial().takesTraffic()
                : one.status().takesTraffic();
    }

    private static int count(List<DestinationsSnapshot.Entry> members, Predicate<DestinationsSnapshot.Entry> which) {
        return (int) members.stream().filter(which).count();
    }
}
