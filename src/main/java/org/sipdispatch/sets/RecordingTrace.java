package org.sipdispatch.sets;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Records why sets choose as they do. It selects with copies of their round robins, which stay where they are, so a set
 * that is asked twice answers as if the first question had moved them. One thread only, one request only.
 */
public final class RecordingTrace extends SelectTrace {
    /**
     * A set's answer with its reasons.
     *
     * @param view the members as traffic sees them
     * @param hash the number that the set was asked with, unsigned; 0 for algorithms without one
     * @param candidates the places of those that would be tried, best first
     * @param why for each member of the set, in a few words, it is among them or not
     */
    public record Answer(SetView view, int hash, List<Integer> candidates, List<String> why) {
        /** Of a set that is not asked, since it could not choose anything. */
        public static Answer notAsked(SetView view) {
            return new Answer(view, 0, List.of(), Collections.nCopies(view.size(), "the set is not asked"));
        }
    }

    private final Map<SetId, RoundRobinState> cursors = new HashMap<>();
    private final Map<Integer, Answer> answers = new HashMap<>();

    /** What the set at that place answered, see {@link SelectContext#place}; null if it was not asked. */
    public Answer answer(int place) {
        return answers.get(place);
    }

    @Override
    List<Destination> select(SetView view, RoundRobinState cursor, SetActor.Select query) {
        RoundRobinState copy = cursors.computeIfAbsent(view.id(), id -> cursor.copy());
        RoundRobinState before = copy.copy();
        List<Destination> candidates = super.select(view, copy, query);
        List<Integer> places = candidates.stream().map(view::place).toList();
        answers.put(query.context().place(), new Answer(view, query.hash(), places, why(view, before, query, places)));
        return candidates;
    }

    private static List<String> why(
            SetView set, RoundRobinState before, SetActor.Select query, List<Integer> candidates) {
        SelectFlags flags = query.flags();
        String[] why = new String[set.size()];
        for (int i = 0; i < why.length; i++) {
            why[i] = set.isActive(i) ? whyOut(set, i, flags) : "not usable";
        }
        for (int rank = 0; rank < candidates.size(); rank++) {
            int place = candidates.get(rank);
            why[place] = rank == 0 ? "first: " + whyFirst(set, before, place, query) : whyNext(set, place, query);
        }
        return List.of(why);
    }

    private static String whyOut(SetView set, int place, SelectFlags flags) {
        if (!flags.failover()) {
            return isReserve(set, place, flags)
                    ? "held back as the reserve (flag D)"
                    : "flag F is not set: one pick only";
        }
        return "beyond max_results or flag M: " + flags.most() + " at most";
    }

    private static String whyFirst(SetView set, RoundRobinState before, int place, SetActor.Select query) {
        if (isReserve(set, place, query.flags())) {
            // Algorithm 4 may still stand on a reserve that stood in while no other was usable.
            return query.algorithm() == Algorithm.ROUND_ROBIN && anyOther(set, place)
                    ? "round robin still stands on the reserve (flag D)"
                    : "the reserve (flag D), since no other is usable";
        }
        boolean reserve = query.flags().reserve();
        return query.algorithm().pick().whyFirst(set, before, place, query.hash(), reserve);
    }

    private static boolean anyOther(SetView set, int place) {
        for (int i = 0; i < set.size(); i++) {
            if (i != place && set.isActive(i)) {
                return true;
            }
        }
        return false;
    }

    private static String whyNext(SetView set, int place, SetActor.Select query) {
        return isReserve(set, place, query.flags())
                ? "the reserve (flag D)"
                : query.algorithm().pick().whyNext();
    }

    private static boolean isReserve(SetView set, int place, SelectFlags flags) {
        return flags.reserve() && set.size() > 1 && place == set.size() - 1;
    }
}
