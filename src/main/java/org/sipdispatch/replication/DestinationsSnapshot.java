package org.sipdispatch.replication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.Status;
import org.sipdispatch.sets.SetId;

/** All destinations as this node knows them at one moment. Immutable. */
public final class DestinationsSnapshot {
    /** The snapshot before any definitions are known. */
    public static final DestinationsSnapshot EMPTY = of(0, List.of());

    /**
     * One destination.
     *
     * @param id of the definition, which builds it from texts on each call
     * @param status null until its actor has reported
     * @param former whether the status is from the former session: the cluster has not reported this destination since this
     *     node joined again
     * @param owner the address of the node that its actor is on; empty where that is not known
     * @param freeswitch the weight from FreeSWITCH; null if the row has none, or none has been reported
     * @param change number of the change that made it so; a later change has a larger number
     */
    public record KnownDestination(
            String id,
            Definition definition,
            Status status,
            boolean former,
            String owner,
            FreeswitchWeight freeswitch,
            long change) {
        public KnownDestination(Definition definition, Status status) {
            this(definition.id(), definition, status, false, "", null, 0);
        }

        /** The weight that traffic uses. */
        public int weight() {
            return freeswitch == null ? definition.destination().weight() : freeswitch.weight();
        }

        /** Takes the new change number only if readers can see a difference; {@code former} is not visible to them. */
        KnownDestination with(
                Status newest, boolean isFormer, String newOwner, FreeswitchWeight weight, long newChange) {
            boolean same = newest == status && newOwner.equals(owner) && Objects.equals(weight, freeswitch);
            return new KnownDestination(id, definition, newest, isFormer, newOwner, weight, same ? change : newChange);
        }
    }

    /** Positions in the list. Snapshots with the same definitions share them. Rows of older releases may share an id. */
    private record Positions(Map<String, int[]> byId, Map<SetId, int[]> bySet) {
        static Positions of(List<KnownDestination> destinations) {
            Map<String, List<Integer>> byId = new HashMap<>();
            Map<SetId, List<Integer>> bySet = new LinkedHashMap<>();
            for (int i = 0; i < destinations.size(); i++) {
                KnownDestination one = destinations.get(i);
                byId.computeIfAbsent(one.id(), unused -> new ArrayList<>(1)).add(i);
                bySet.computeIfAbsent(one.definition().destination().setId(), unused -> new ArrayList<>())
                        .add(i);
            }
            return new Positions(arrays(byId), arrays(bySet));
        }

        private static <K> Map<K, int[]> arrays(Map<K, List<Integer>> lists) {
            Map<K, int[]> arrays = new LinkedHashMap<>();
            lists.forEach((key, list) ->
                    arrays.put(key, list.stream().mapToInt(Integer::intValue).toArray()));
            return arrays;
        }
    }

    private static final int[] NOWHERE = {};

    private final long revision;
    private final long change;
    private final List<KnownDestination> destinations;
    private final Positions positions;

    private DestinationsSnapshot(long revision, long change, List<KnownDestination> destinations, Positions positions) {
        this.revision = revision;
        this.change = change;
        this.destinations = destinations;
        this.positions = positions;
    }

    /** {@code destinations}: in the order of {@link #destinations}. */
    public static DestinationsSnapshot of(long revision, List<KnownDestination> destinations) {
        return of(revision, 0, destinations);
    }

    static DestinationsSnapshot of(long revision, long change, List<KnownDestination> destinations) {
        return new DestinationsSnapshot(revision, change, List.copyOf(destinations), Positions.of(destinations));
    }

    /** The same definitions, with other entries at these ids; ids that are not defined are ignored. */
    DestinationsSnapshot with(long newChange, Collection<String> ids, UnaryOperator<KnownDestination> renewed) {
        KnownDestination[] all = destinations.toArray(KnownDestination[]::new);
        for (String id : ids) {
            for (int position : positions.byId().getOrDefault(id, NOWHERE)) {
                all[position] = renewed.apply(all[position]);
            }
        }
        return new DestinationsSnapshot(
                revision, newChange, Collections.unmodifiableList(Arrays.asList(all)), positions);
    }

    /** Revision of the definitions; 0 for none. */
    public long revision() {
        return revision;
    }

    /** Number of the newest change in this snapshot. */
    long change() {
        return change;
    }

    boolean hasDefinitionsOf(DestinationsSnapshot other) {
        return positions == other.positions;
    }

    /** All destinations, set by set, those of one set in the order of their rows. */
    public List<KnownDestination> destinations() {
        return destinations;
    }

    /** The destination with this id; null if it is not defined. */
    public KnownDestination find(String id) {
        int[] found = positions.byId().getOrDefault(id, NOWHERE);
        return found.length == 0 ? null : destinations.get(found[0]);
    }

    /** The sets that have destinations. */
    public Set<SetId> sets() {
        return Collections.unmodifiableSet(positions.bySet().keySet());
    }

    /** The destinations of one set in the order of their rows; empty if there are none. */
    public List<KnownDestination> ofSet(SetId set) {
        return IntStream.of(positions.bySet().getOrDefault(set, NOWHERE))
                .mapToObj(destinations::get)
                .toList();
    }
}
