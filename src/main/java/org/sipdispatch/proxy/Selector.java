package org.sipdispatch.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.routing.RankingPlan;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.SelectPlan;
import org.sipdispatch.routing.SetChoice;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.FigureRanking;
import org.sipdispatch.sets.Ranking;
import org.sipdispatch.sets.SelectContext;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.sets.SelectTrace;

/** Asks the set actors that a rule names and merges their answers. Not thread-safe. */
final class Selector {
    private final SetSelector sets;
    private final SelectionHash hashes;

    private final AlgoRouteFailureLog routes;
    private final AlgoRouteRanking.RouteFigures routeFigures;

    Selector(LaneSetup setup, SetSelector sets, AlgoRouteFailureLog routes) {
        this.sets = sets;
        this.routes = routes;
        routeFigures = new AlgoRouteRanking.RouteFigures(sets.facts());
        hashes = SelectionHash.of(setup);
    }

    /** One selection in progress. Each set's answer arrives through its {@link SetQuery}. */
    private static final class Pending {
        private final List<SetChoice> choices;
        private final List<List<Destination>> answers;
        private final SelectTrace trace;
        private final Consumer<List<Destination>> then;
        private int missing;

        Pending(List<SetChoice> choices, SelectTrace trace, Consumer<List<Destination>> then) {
            this.choices = choices;
            this.trace = trace;
            this.then = then;
            missing = choices.size();
            answers = new ArrayList<>(missing);
            for (int i = 0; i < missing; i++) {
                answers.add(List.of());
            }
        }

        void answer(int place, List<Destination> candidates) {
            answers.set(place, candidates);
            missing--;
            if (missing == 0) {
                then.accept(joined(choices, answers));
            }
        }
    }

    /**
     * A set without flag F contributes only if the sets before it selected nothing. A set with flag F is appended for
     * failover.
     */
    private static List<Destination> joined(List<SetChoice> choices, List<List<Destination>> answers) {
        if (answers.size() == 1) {
            return answers.get(0);
        }
        List<Destination> all = new ArrayList<>();
        for (int i = 0; i < answers.size() && all.size() < SelectFlags.NO_LIMIT; i++) {
            if (all.isEmpty() || choices.get(i).flags().failover()) {
                all.addAll(answers.get(i));
            }
        }
        return all;
    }

    /** The place of one set's answer in a selection. */
    private record SetQuery(Pending pending, int place) implements SelectContext {
        @Override
        public SelectTrace trace() {
            return pending.trace;
        }

        @Override
        public void selected(List<Destination> candidates) {
            pending.answer(place, candidates);
        }
    }

    /**
     * Selects destinations. {@code then} receives the candidates, best first: those of the first set, then of the
     * second, and so on. The last set is asked first, because OpenSIPS evaluates them in that order and each evaluation
     * advances a round robin.
     *
     * @throws org.sipdispatch.settings.SettingException if the plan's pseudo-variables expand to an invalid value
     */
    void select(
            SelectPlan plan,
            RequestFacts facts,
            boolean nextHopIsSet,
            SelectTrace trace,
            Consumer<List<Destination>> then) {
        List<SetChoice> choices = plan.choices(facts);
        Pending pending = new Pending(choices, trace, then);
        for (int i = choices.size() - 1; i >= 0; i--) {
            SetChoice choice = choices.get(i);
            if (refuses(choice, nextHopIsSet) || !ask(plan, choice, facts, new SetQuery(pending, i))) {
                pending.answer(i, List.of());
            }
        }
    }

    /** Whether flag S forbids the choice. */
    static boolean refuses(SetChoice choice, boolean nextHopIsSet) {
        return choice.flags().refuseIfSet() && nextHopIsSet;
    }

    private boolean ask(SelectPlan plan, SetChoice choice, RequestFacts facts, SetQuery slot) {
        if (choice.ranking() != null) {
            return sets.rank(choice.set(), ranking(choice.ranking(), facts), choice.flags(), slot);
        }
        long hash = hashes.of(plan, choice, facts);
        Algorithm algorithm = SelectionHash.effectiveAlgorithm(choice.algorithm(), hash);
        return algorithm != null && sets.ask(choice.set(), algorithm, SelectionHash.number(hash), choice.flags(), slot);
    }

    private Ranking ranking(RankingPlan plan, RequestFacts facts) {
        return plan.figure() != null
                ? new FigureRanking(plan.figure(), sets.facts())
                : new AlgoRouteRanking(plan.route(), facts, routeFigures, routes);
    }
}
