package org.sipdispatch.sets;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Records why sets select their candidates. It selects with copies of the round-robin states, so that the sets' own
 * states do not change. A set that is asked twice answers as if the first selection had advanced its state. Not
 * thread-safe; for one request only.
 */
public final class RecordingTrace extends SelectTrace {
    /**
     * A set's answer with explanations.
     *
     * @param view the set's view for traffic
     * @param hash the number that was passed to the set, unsigned; 0 for algorithms without one
     * @param candidates the indexes of the candidates, best first
     * @param why for each member, a short explanation why it is or is not a candidate
     */
    public record SelectionRecord(SetView view, int hash, List<Integer> candidates, List<String> why) {
        /** The answer of a set that was not asked because it could not select anything. */
        public static SelectionRecord notAsked(SetView view) {
            return new SelectionRecord(view, 0, List.of(), Collections.nCopies(view.size(), "the set is not queried"));
        }
    }

    private static final String STARTS_LAST = "last, since it starts slowly";

    private final Map<SetId, RoundRobinState> cursors = new HashMap<>();
    private final Map<Integer, SelectionRecord> answers = new HashMap<>();

    /** The answer of the set at that index, see {@link SelectContext#place}; null if it was not asked. */
    public SelectionRecord answer(int place) {
        return answers.get(place);
    }

    @Override
    public SelectTrace unmoved() {
        return this;
    }

    @Override
    List<Destination> select(SetView view, RoundRobinState cursor, SetActor.Select query) {
        RoundRobinState copy = cursors.computeIfAbsent(view.id(), id -> cursor.copy());
        RoundRobinState before = copy.copy();
        List<Destination> candidates = super.select(view, copy, query);
        List<Integer> places = candidates.stream().map(view::place).toList();
        answers.put(
                query.context().place(),
                new SelectionRecord(
                        view, query.hash(), places, why(query.flags().seen(view), before, query, places)));
        return candidates;
    }

    @Override
    List<Destination> rank(SetView view, RoundRobinState cursor, SetActor.Rank query) {
        RankedSelection ranked = new RankedSelection(view, query.ranking(), query.flags());
        RoundRobinState copy = cursors.computeIfAbsent(view.id(), id -> cursor.copy());
        answers.put(
                query.context().place(), new SelectionRecord(view, 0, ranked.places(), whyRanked(view, query, ranked)));
        return ranked.take(copy);
    }

    private static List<String> whyRanked(SetView set, SetActor.Rank query, RankedSelection ranked) {
        SelectFlags flags = query.flags();
        String[] why = new String[set.size()];
        for (int i = 0; i < why.length; i++) {
            String not = ranked.isFailed()
                    ? query.ranking().text() + " has failed"
                    : ranked.places().isEmpty() ? "no member can be the first" : whyNotCandidate(set, i, flags);
            why[i] = set.isActive(i) ? not + compared(query, ranked, i, "; ") : whyNotUsable(set, i);
        }
        for (int rank = 0; rank < ranked.places().size(); rank++) {
            int place = ranked.places().get(rank);
            if (isReserve(set, place, flags)) {
                why[place] = rank == 0
                        ? "first: the reserve (flag D), since no other can be the first"
                        : "the reserve (flag D)";
            } else if (set.state(place) == MemberState.SLOW_START) {
                why[place] = STARTS_LAST;
            } else {
                why[place] = rank == 0
                        ? "first" + compared(query, ranked, place, ": ") + ", the lowest"
                        : "next in ascending order" + compared(query, ranked, place, ": ");
            }
        }
        return List.of(why);
    }

    private static String compared(SetActor.Rank query, RankedSelection ranked, int place, String before) {
        String value = ranked.value(place);
        return value.isEmpty() ? "" : before + query.ranking().text() + " = " + value;
    }

    private static List<String> why(
            SetView set, RoundRobinState before, SetActor.Select query, List<Integer> candidates) {
        SelectFlags flags = query.flags();
        String[] why = new String[set.size()];
        Picker picker = query.algorithm().picker();
        for (int i = 0; i < why.length; i++) {
            why[i] = !set.isActive(i)
                    ? whyNotUsable(set, i)
                    : !picker.accepts(set, before, i, flags.reserve())
                            ? "full" + figures(set, before, i, query)
                            : whyNotCandidate(set, i, flags) + figures(set, before, i, query);
        }
        for (int rank = 0; rank < candidates.size(); rank++) {
            int place = candidates.get(rank);
            why[place] = rank == 0
                    ? "first: " + whyFirst(set, before, place, query)
                    : whyNext(set, place, query) + figures(set, before, place, query);
        }
        return List.of(why);
    }

    /** What the algorithm compares of a member, after a semicolon; empty for the reserve, which it does not compare. */
    private static String figures(SetView set, RoundRobinState before, int place, SetActor.Select query) {
        boolean reserve = query.flags().reserve();
        String figures = isReserve(set, place, query.flags())
                ? ""
                : query.algorithm().picker().figures(set, before, place, reserve);
        return figures.isEmpty() ? "" : "; " + figures;
    }

    private static String whyNotCandidate(SetView set, int place, SelectFlags flags) {
        if (isReserve(set, place, flags)) {
            return "held back as the reserve (flag D)";
        }
        if (!flags.failover()) {
            return "flag F is not set: one pick only";
        }
        return "beyond max_results or flag M: " + flags.most() + " at most";
    }

    private static String whyFirst(SetView set, RoundRobinState before, int place, SetActor.Select query) {
        if (isReserve(set, place, query.flags())) {
            // The state of algorithm 4 may still point to a reserve that was used while no other member was usable.
            return query.algorithm() == Algorithm.ROUND_ROBIN && anyOther(set, place)
                    ? "round robin is still at the reserve (flag D)"
                    : "the reserve (flag D), since no other is usable";
        }
        boolean reserve = query.flags().reserve();
        return query.algorithm().picker().whyFirst(set, before, place, query.hash(), reserve);
    }

    private static boolean anyOther(SetView set, int place) {
        for (int i = 0; i < set.size(); i++) {
            if (i != place && set.isActive(i)) {
                return true;
            }
        }
        return false;
    }

    private static String whyNotUsable(SetView set, int place) {
        return switch (set.state(place)) {
            case IN_BACKOFF -> "in backoff: it has answered 503 with Retry-After";
            case SLOW_START -> "in its slow start: this request is not one of its share";
            default -> "not usable";
        };
    }

    private static String whyNext(SetView set, int place, SetActor.Select query) {
        if (set.state(place) == MemberState.SLOW_START) {
            return STARTS_LAST;
        }
        return isReserve(set, place, query.flags())
                ? "the reserve (flag D)"
                : query.algorithm().picker().whyNext();
    }

    private static boolean isReserve(SetView set, int place, SelectFlags flags) {
        return flags.reserve() && set.size() > 1 && place == set.size() - 1;
    }
}
