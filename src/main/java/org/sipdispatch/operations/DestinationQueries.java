package org.sipdispatch.operations;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.sipdispatch.cluster.ClusterCalls;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.replication.ChangeSubscription;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.QualityCounts;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.TrafficShare;

/** What this node knows of destinations and sets. */
public final class DestinationQueries {
    /** Orders by set; the sort is stable, so the destinations of a set keep their order of selection. */
    private static final Comparator<DestinationsSnapshot.KnownDestination> IN_LISTS =
            Comparator.comparing(one -> one.definition().destination().setId(), SetId.IN_LISTS);

    private final OperationContext context;

    DestinationQueries(OperationContext context) {
        this.context = context;
    }

    /**
     * Selects destinations; a null parameter does not restrict.
     *
     * @param text a substring of URI, attrs or description, compared case-insensitively
     * @param offset the number of matches to skip
     * @param most the maximum number of matches to return
     */
    public record Filter(String partition, Integer set, DestinationState state, String text, int offset, int most) {
        boolean accepts(DestinationsSnapshot.KnownDestination one) {
            Destination destination = one.definition().destination();
            return (partition == null || partition.equals(destination.partition()))
                    && (set == null || set == destination.set())
                    && (state == null || state == stateOf(one))
                    && (text == null || contains(destination, text.toLowerCase(Locale.ROOT)));
        }

        private static boolean contains(Destination destination, String lower) {
            String all = destination.uri() + "\n" + destination.attrs() + "\n" + destination.description();
            return all.toLowerCase(Locale.ROOT).contains(lower);
        }
    }

    /**
     * A page of destinations.
     *
     * @param revision the revision of the definitions; 0 if there are none
     * @param total the number of destinations that match the filter
     * @param shares the destinations that get only a part of their requests from this node, by id
     */
    public record DestinationPage(
            long revision,
            int total,
            List<DestinationsSnapshot.KnownDestination> rows,
            Map<String, TrafficShare> shares) {}

    /** The destination's state; the initial state of its row until its actor has reported. */
    static DestinationState stateOf(DestinationsSnapshot.KnownDestination one) {
        return one.status() == null ? one.definition().initial() : one.status().state();
    }

    public DestinationPage list(Filter filter) {
        DestinationsSnapshot known = context.destinations();
        List<DestinationsSnapshot.KnownDestination> all = matching(known, filter);
        List<DestinationsSnapshot.KnownDestination> page =
                all.stream().skip(filter.offset()).limit(filter.most()).toList();
        return new DestinationPage(known.revision(), all.size(), page, shares());
    }

    /** The destinations that match the filter, in the order of lists. */
    static List<DestinationsSnapshot.KnownDestination> matching(DestinationsSnapshot known, Filter filter) {
        return known.destinations().stream()
                .filter(filter::accepts)
                .sorted(IN_LISTS)
                .toList();
    }

    public record SetSummary(SetId id, int active, int probing, int inactive, int takingTraffic, int temporary) {
        public int destinations() {
            return active + probing + inactive;
        }
    }

    public record SetSummaries(long revision, List<SetSummary> sets) {}

    public SetSummaries sets() {
        return all(context.destinations());
    }

    static SetSummaries all(DestinationsSnapshot known) {
        return new SetSummaries(
                known.revision(),
                known.sets().stream()
                        .sorted(SetId.IN_LISTS)
                        .map(set -> row(set, known.ofSet(set)))
                        .toList());
    }

    private static SetSummary row(SetId id, List<DestinationsSnapshot.KnownDestination> members) {
        return new SetSummary(
                id,
                count(members, one -> stateOf(one) == DestinationState.ACTIVE),
                count(members, one -> stateOf(one) == DestinationState.PROBING),
                count(members, one -> stateOf(one) == DestinationState.INACTIVE),
                count(members, DestinationQueries::takesTraffic),
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

    /**
     * The details of a destination.
     *
     * @param report the report of the destination's actor
     * @param known the destination as this node knows it
     * @param traffic this node's traffic counters of the destination; null if there was none
     * @param calls the active calls of all nodes at the destination
     * @param quality what became of the calls of all nodes in the last minutes
     * @param share the part of its requests that it gets from this node
     */
    public record DestinationDetails(
            DestinationActor.Report report,
            DestinationsSnapshot.KnownDestination known,
            DestinationTraffic traffic,
            ClusterCalls calls,
            QualityCounts quality,
            TrafficShare share) {
        /** Whether this node's traffic uses another status than that of the actor. */
        public boolean differs() {
            return report.status() == null
                    || known.status() == null
                    || !report.status().version().equals(known.status().version());
        }
    }

    public CompletionStage<DestinationDetails> show(String id) {
        DestinationsSnapshot.KnownDestination known = context.defined(id);
        return context.cluster()
                .report(id)
                .thenCombine(
                        context.cluster().openCalls(id),
                        (report, calls) ->
                                new DestinationDetails(report, known, traffic(id), calls, quality(id), share(id)));
    }

    private QualityCounts quality(String id) {
        return context.hasTraffic()
                ? context.traffic().quality().all().getOrDefault(id, QualityCounts.NONE)
                : QualityCounts.NONE;
    }

    private TrafficShare share(String id) {
        return shares().getOrDefault(id, TrafficShare.ALL);
    }

    private Map<String, TrafficShare> shares() {
        return context.hasTraffic() ? context.traffic().shares() : Map.of();
    }

    private DestinationTraffic traffic(String id) {
        return !context.hasTraffic()
                ? null
                : context.traffic().destinations().stream()
                        .filter(one -> one.destination().id().equals(id))
                        .findFirst()
                        .orElse(null);
    }

    /**
     * Counts the destinations of a set by state: {@code ds_count}.
     *
     * @param states letters or digits as for {@code ds_count}: a or 1 active, i or 0 inactive, p or 2 probing; all
     *     states if it is empty
     */
    public int count(String partition, int set, String states) {
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
                .filter(one -> wanted.isEmpty() || wanted.contains(stateOf(one)))
                .count();
    }

    /**
     * Finds destinations as {@code ds_set_state} does: the ids of those with this URI, compared case-insensitively, that
     * share the socket of the first match. The same URI may be defined with several sockets. If there is none, the id
     * that it would have: the order refuses it, so that the history records the refusal.
     */
    public List<String> find(String partition, int set, String uri) {
        List<Destination> found = context.destinations().ofSet(new SetId(partition, set)).stream()
                .map(one -> one.definition().destination())
                .filter(one -> one.uri().equalsIgnoreCase(uri))
                .toList();
        if (found.isEmpty()) {
            return List.of(partition + ":" + set + ":" + uri);
        }
        String shared = found.get(0).sharedId();
        return found.stream()
                .filter(one -> one.sharedId().equals(shared))
                .map(Destination::id)
                .distinct()
                .toList();
    }

    /**
     * Subscribes to the destinations that this node knows: first all of them, then each change.
     *
     * @param wake called on any thread after each change; must not block
     */
    public ChangeSubscription follow(Runnable wake) {
        return context.changes().subscribe(wake);
    }
}
