package org.sipdispatch.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.sipdispatch.proxy.Explanation.OfMember;
import org.sipdispatch.proxy.Explanation.OfSet;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.SelectPlan;
import org.sipdispatch.routing.SetChoice;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.RecordingTrace;
import org.sipdispatch.sets.RecordingTrace.SelectionRecord;
import org.sipdispatch.sets.SelectionKey;
import org.sipdispatch.sets.SetView;

/** Explains, for each set that a rule names, the selection input and the result. Not thread-safe. */
final class SetExplainer {
    private static final String ROUND_ROBIN_NOTE =
            "by the current position of this lane's round robin; another request of this lane to this set"
                    + " advances it";

    private static final String RANKED_NOTE = "by the current values; each request compares again";

    private static final String TURN_NOTE =
            "by this lane's turn, and the present states and latencies; another request of this lane to this set takes"
                    + " the next turn";

    private final SetSelector sets;
    private final SelectionHash hashes;

    SetExplainer(LaneSetup setup, SetSelector sets) {
        this.sets = sets;
        hashes = SelectionHash.recording(setup);
    }

    /** One entry per set, in the plan's order. {@code trace} is the trace of the completed selection. */
    List<OfSet> of(SelectPlan plan, RequestFacts facts, boolean nextHopIsSet, RecordingTrace trace) {
        List<OfSet> explained = new ArrayList<>();
        for (SetChoice choice : plan.choices(facts)) {
            SelectionRecord answer = trace.answer(explained.size());
            explained.add(
                    Selector.refuses(choice, nextHopIsSet)
                            ? refused(choice)
                            : asked(choice, answer, plan.hashText(facts), hashes.of(plan, choice, facts)));
        }
        return explained;
    }

    private OfSet refused(SetChoice choice) {
        return ofSet(choice, null, 0, "flag S is set and the request has a Route: nothing is selected", null);
    }

    private OfSet asked(SetChoice choice, SelectionRecord answer, String hashText, long hash) {
        if (hash == SelectionKey.MISSING) {
            return ofSet(choice, null, 0, missing(choice.algorithm(), hashText), answer);
        }
        boolean keyed = choice.algorithm().isHash();
        long number = keyed || answer == null ? hash : Integer.toUnsignedLong(answer.hash());
        return ofSet(choice, keyed ? hashes.text() : null, number, note(choice), answer);
    }

    /** {@code answer}: null if the set was not asked. */
    private OfSet ofSet(SetChoice choice, String key, long hash, String note, SelectionRecord answer) {
        SetView view = answer == null ? sets.view(choice.set()) : answer.view();
        SelectionRecord shown = answer != null || view == null ? answer : SelectionRecord.notAsked(view);
        Algorithm algorithm = choice.algorithm();
        return new OfSet(
                choice.set(),
                algorithm.number(),
                algorithm.text(),
                choice.flags().text(),
                key,
                hash,
                shown == null ? "there is no such set" : note,
                shown == null ? List.of() : members(shown),
                shown == null ? List.of() : shown.candidates());
    }

    private static List<OfMember> members(SelectionRecord answer) {
        SetView view = answer.view();
        int[] ranks = new int[view.size()];
        int rank = 0;
        for (int place : answer.candidates()) {
            ranks[place] = ++rank;
        }
        return IntStream.range(0, view.size())
                .mapToObj(place -> new OfMember(
                        view.member(place),
                        view.isActive(place),
                        ranks[place],
                        answer.why().get(place)))
                .toList();
    }

    /** The reason why the next request may select another destination than the explained one. */
    private static String note(SetChoice choice) {
        return switch (choice.algorithm()) {
            case FIGURE -> choice.ranking() == null ? "pvar_algo_pattern is not set: as with hash 0" : RANKED_NOTE;
            case ROUTE, LEAST_IN_FLIGHT, BEST_OF, CALL_LOAD -> RANKED_NOTE;
            case RANDOM -> "one random draw; each request draws again";
            case ROUND_ROBIN, SMOOTH_ROUND_ROBIN -> ROUND_ROBIN_NOTE;
            case LATENCY_TIERS,
                    QUALITY,
                    PRIORITY_TIERS,
                    SRV_TIERS,
                    PERCENT_WEIGHT,
                    RELATIVE_WEIGHT,
                    LATENCY_PRIORITY,
                    TURNS_OR_PRIORITY -> TURN_NOTE;
            case CALL_ID, FROM_URI, TO_URI, REQUEST_URI, AUTH_USER, HASH_PVAR, PRIORITY, RENDEZVOUS, PARALLEL -> "";
        };
    }

    private static String missing(Algorithm algorithm, String hashText) {
        return switch (algorithm) {
            case AUTH_USER -> "no credentials: round robin instead; " + ROUND_ROBIN_NOTE;
            case FROM_URI -> "the From has no SIP URI to hash: nothing is selected";
            case TO_URI -> "the To has no SIP URI to hash: nothing is selected";
            default -> "hash_pvar is " + (hashText == null ? "not set" : "empty") + ": nothing is selected";
        };
    }
}
