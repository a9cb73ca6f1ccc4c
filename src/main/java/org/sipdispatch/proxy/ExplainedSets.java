package org.sipdispatch.proxy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.sipdispatch.proxy.Explanation.OfMember;
import org.sipdispatch.proxy.Explanation.OfSet;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.SelectPlan;
import org.sipdispatch.routing.SetChoice;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.Question;
import org.sipdispatch.sets.Reasoned;
import org.sipdispatch.sets.SelectionKey;
import org.sipdispatch.sets.SetActor;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/**
 * Asks the sets that a rule names whom they would choose and why: the same questions that {@link Selector} asks, in the
 * same order, and the answers joined alike. One thread only.
 */
final class ExplainedSets {
    private static final String TURNS = "as the round robin of this lane stands now; a request of this lane to this set"
            + " that comes first moves it";

    private final SetSelector sets;
    private final SelectionHash hashes;

    ExplainedSets(LaneSetup setup, SetSelector sets) {
        this.sets = sets;
        hashes = SelectionHash.remembering(setup);
    }

    /** What one choice comes to; {@code question} is null if the set is not asked at all. */
    private record Draft(SetChoice choice, String key, long hash, String note, Question question) {}

    /** All choices of one request. */
    private static final class Round {
        private final List<Draft> drafts;
        private final List<OfSet> told;
        private final List<List<Destination>> chosen;
        private final BiConsumer<List<OfSet>, List<Destination>> then;
        private int missing;

        Round(List<Draft> drafts, BiConsumer<List<OfSet>, List<Destination>> then) {
            this.drafts = drafts;
            this.then = then;
            told = new ArrayList<>(Collections.nCopies(drafts.size(), null));
            chosen = new ArrayList<>(Collections.nCopies(drafts.size(), List.of()));
            missing = drafts.size();
        }

        void tell(int place, OfSet one, List<Destination> candidates) {
            told.set(place, one);
            chosen.set(place, candidates);
            missing--;
            if (missing == 0) {
                then.accept(
                        told, Selector.joined(drafts.stream().map(Draft::choice).toList(), chosen));
            }
        }
    }

    /** Which choices of a round an answer is for; they all name the same set, in the order in which they are asked. */
    record Slot(Round round, List<Integer> places) {
        private List<Question> questions() {
            return places.stream()
                    .map(place -> round.drafts.get(place).question)
                    .filter(question -> question != null)
                    .toList();
        }

        void answer(SetActor.Explained explained) {
            SetView view = explained.view();
            int next = 0;
            for (int place : places) {
                Draft draft = round.drafts.get(place);
                Reasoned answer = draft.question == null
                        ? notAsked(view)
                        : explained.answers().get(next++);
                List<Destination> candidates =
                        answer.candidates().stream().map(view::member).toList();
                round.tell(place, ofSet(draft, draft.note, members(view, answer), answer.candidates()), candidates);
            }
        }

        private void isUnknown() {
            for (int place : places) {
                round.tell(
                        place, ofSet(round.drafts.get(place), "there is no such set", List.of(), List.of()), List.of());
            }
        }
    }

    private static Reasoned notAsked(SetView view) {
        return new Reasoned(List.of(), Collections.nCopies(view.size(), "the set is not asked"));
    }

    private static List<OfMember> members(SetView view, Reasoned answer) {
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

    private static OfSet ofSet(Draft draft, String note, List<OfMember> members, List<Integer> candidates) {
        Algorithm algorithm = draft.choice.algorithm();
        return new OfSet(
                draft.choice.set(),
                algorithm.number(),
                algorithm.text(),
                draft.choice.flags().text(),
                draft.key,
                draft.hash,
                note,
                members,
                candidates);
    }

    /**
     * Asks; {@code then} is given what each set said, in the order of the plan, and the candidates of all.
     *
     * @throws org.sipdispatch.settings.BadSetting if what the plan's pseudo-variables expand to makes no sense
     */
    void explain(
            SelectPlan plan,
            RequestFacts facts,
            boolean nextHopIsSet,
            BiConsumer<List<OfSet>, List<Destination>> then) {
        List<Draft> drafts = plan.choices(facts).stream()
                .map(choice -> draft(plan, choice, facts, nextHopIsSet))
                .toList();
        Round round = new Round(drafts, then);
        // A set that is named twice is asked for both at once, since the first answer moves what the second one is.
        Map<SetId, Slot> slots = new LinkedHashMap<>();
        for (int i = drafts.size() - 1; i >= 0; i--) {
            slots.computeIfAbsent(drafts.get(i).choice.set(), set -> new Slot(round, new ArrayList<>()))
                    .places
                    .add(i);
        }
        slots.forEach((set, slot) -> {
            if (!sets.explain(set, slot.questions(), slot)) {
                slot.isUnknown();
            }
        });
    }

    private Draft draft(SelectPlan plan, SetChoice choice, RequestFacts facts, boolean nextHopIsSet) {
        if (Selector.refuses(choice, nextHopIsSet)) {
            return new Draft(choice, null, 0, "flag S is set and the request has a Route: nothing is selected", null);
        }
        long hash = hashes.of(plan, choice, facts);
        Algorithm algorithm = SelectionHash.asked(choice.algorithm(), hash);
        boolean missing = hash == SelectionKey.MISSING;
        boolean keyed = choice.algorithm().isHash() && !missing;
        return new Draft(
                choice,
                keyed ? hashes.text() : null,
                missing ? 0 : hash,
                missing ? missing(plan, choice, facts) : note(choice),
                algorithm == null ? null : new Question(algorithm, SelectionHash.number(hash), choice.flags()));
    }

    /** What may make the next request go elsewhere than was told. */
    private static String note(SetChoice choice) {
        return switch (choice.algorithm()) {
            case RANDOM -> "each request draws anew; this is one draw";
            case ROUND_ROBIN, SMOOTH_ROUND_ROBIN -> TURNS;
            case CALL_ID, FROM_URI, TO_URI, REQUEST_URI, AUTH_USER, HASH_PVAR, PRIORITY, RENDEZVOUS -> "";
        };
    }

    private static String missing(SelectPlan plan, SetChoice choice, RequestFacts facts) {
        return switch (choice.algorithm()) {
            case AUTH_USER -> "no credentials: round robin instead; " + TURNS;
            case FROM_URI -> "the From has no SIP URI to hash: nothing is selected";
            case TO_URI -> "the To has no SIP URI to hash: nothing is selected";
            default -> "hash_pvar is " + (plan.hashText(facts) == null ? "not set" : "empty") + ": nothing is selected";
        };
    }
}
