package org.sipdispatch.sets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Says why a set chooses whom it chooses. The choice itself is that of {@link Selection}. */
final class Reasons {
    private Reasons() {}

    /** The answers to questions that come one after the other; they move the cursor. */
    static List<Reasoned> of(SetView set, Cursor cursor, List<Question> questions) {
        List<Reasoned> answers = new ArrayList<>(questions.size());
        questions.forEach(question -> answers.add(of(set, cursor, question)));
        return answers;
    }

    private static Reasoned of(SetView set, Cursor cursor, Question question) {
        Cursor before = cursor.copy();
        SelectFlags flags = question.flags();
        int[] places = Selection.places(set, cursor, question.algorithm(), question.hash(), flags);
        String[] why = new String[set.size()];
        for (int i = 0; i < why.length; i++) {
            why[i] = set.isActive(i) ? whyOut(set, i, flags) : "not usable";
        }
        for (int rank = 0; rank < places.length; rank++) {
            int place = places[rank];
            why[place] = rank == 0 ? "first: " + whyFirst(set, before, place, question) : whyNext(set, place, question);
        }
        return new Reasoned(Arrays.stream(places).boxed().toList(), List.of(why));
    }

    private static String whyOut(SetView set, int place, SelectFlags flags) {
        if (!flags.failover()) {
            return isReserve(set, place, flags)
                    ? "held back as the reserve (flag D)"
                    : "flag F is not set: one pick only";
        }
        return "beyond max_results or flag M: " + flags.most() + " at most";
    }

    private static String whyFirst(SetView set, Cursor before, int place, Question question) {
        if (isReserve(set, place, question.flags())) {
            // Algorithm 4 may still stand on a reserve that stood in while no other was usable.
            return question.algorithm() == Algorithm.ROUND_ROBIN && anyOther(set, place)
                    ? "round robin still stands on the reserve (flag D)"
                    : "the reserve (flag D), since no other is usable";
        }
        return question.algorithm()
                .pick()
                .whyFirst(set, before, place, question.hash(), question.flags().reserve());
    }

    private static boolean anyOther(SetView set, int place) {
        for (int i = 0; i < set.size(); i++) {
            if (i != place && set.isActive(i)) {
                return true;
            }
        }
        return false;
    }

    private static String whyNext(SetView set, int place, Question question) {
        return isReserve(set, place, question.flags())
                ? "the reserve (flag D)"
                : question.algorithm().pick().whyNext();
    }

    private static boolean isReserve(SetView set, int place, SelectFlags flags) {
        return flags.reserve() && set.size() > 1 && place == set.size() - 1;
    }
}
