package org.sipdispatch.desk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.replication.Known;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;

/** All sets, with how many of their destinations are in which state. */
public final class ListSets {
    private final Surroundings here;

    ListSets(Surroundings here) {
        this.here = here;
    }

    /** One set. */
    public record Row(SetId id, int active, int probing, int inactive, int takingTraffic, int temporary) {
        public int destinations() {
            return active + probing + inactive;
        }
    }

    /** The answer. */
    public record All(long revision, List<Row> sets) {}

    public CompletionStage<All> answer() {
        return here.cluster().known().thenApply(ListSets::all);
    }

    static All all(Known known) {
        Map<SetId, List<Known.OfDestination>> bySet = new TreeMap<>(SetId.IN_LISTS);
        for (Known.OfDestination one : known.destinations()) {
            Destination destination = one.definition().destination();
            bySet.computeIfAbsent(destination.setId(), unused -> new ArrayList<>())
                    .add(one);
        }
        return new All(
                known.revision(),
                bySet.entrySet().stream()
                        .map(set -> row(set.getKey(), set.getValue()))
                        .toList());
    }

    private static Row row(SetId id, List<Known.OfDestination> members) {
        return new Row(
                id,
                count(members, one -> ListDestinations.stateOf(one) == DestinationState.ACTIVE),
                count(members, one -> ListDestinations.stateOf(one) == DestinationState.PROBING),
                count(members, one -> ListDestinations.stateOf(one) == DestinationState.INACTIVE),
                count(members, ListSets::takesTraffic),
                count(members, one -> one.definition().temporary()));
    }

    private static boolean takesTraffic(Known.OfDestination one) {
        return one.status() == null
                ? one.definition().initial().takesTraffic()
                : one.status().takesTraffic();
    }

    private static int count(List<Known.OfDestination> members, Predicate<Known.OfDestination> which) {
        return (int) members.stream().filter(which).count();
    }
}
