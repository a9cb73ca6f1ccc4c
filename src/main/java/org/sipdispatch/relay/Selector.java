package org.sipdispatch.relay;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.SelectPlan;
import org.sipdispatch.routing.SetChoice;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.sets.SelectionKey;

/** Asks the set actors that a rule names and puts their answers in order. One thread only. */
final class Selector {
    private final SetDoor sets;
    private final SelectionKey keys;
    private final SplittableRandom random = new SplittableRandom();

    Selector(LaneSetup setup, SetDoor sets) {
        this.sets = sets;
        Set<String> transports = new HashSet<>();
        setup.sockets().all().forEach(socket -> transports.add(socket.protocol().text()));
        keys = new SelectionKey(setup.routing().signedBytes(), transports);
    }

    /** One call to the sets; the context of each question is one of its {@link Slot}s. */
    private static final class Pending {
        private final List<SetChoice> choices;
        private final List<List<Destination>> answers = new ArrayList<>();
        private final Consumer<List<Destination>> then;
        private int missing;

        Pending(List<SetChoice> choices, Consumer<List<Destination>> then) {
            this.choices = choices;
            this.then = then;
            missing = choices.size();
            choices.forEach(choice -> answers.add(List.of()));
        }

        void answer(int place, List<Destination> candidates) {
            answers.set(place, candidates);
            missing--;
            if (missing == 0) {
                then.accept(answers.size() == 1 ? answers.get(0) : joined());
            }
        }

        /** A set without flag F gives its pick in place of the sets before it, not a failover behind them. */
        private List<Destination> joined() {
            List<Destination> all = new ArrayList<>();
            for (int i = 0; i < answers.size() && all.size() < SelectFlags.NO_LIMIT; i++) {
                if (all.isEmpty() || choices.get(i).flags().failover()) {
                    all.addAll(answers.get(i));
                }
            }
            return all;
        }
    }

    /** Which question of a call an answer is for. */
    record Slot(Pending pending, int place) {
        void answer(List<Destination> candidates) {
            pending.answer(place, candidates);
        }
    }

    /**
     * Selects; {@code then} is given the candidates, best first: the first set's, then the second's and so on. The
     * last set is asked first, since OpenSIPS runs them in that order and round robins move when asked.
     *
     * @throws org.sipdispatch.settings.BadSetting if what the plan's pseudo-variables expand to makes no sense
     */
    void select(SelectPlan plan, RequestFacts facts, boolean nextHopIsSet, Consumer<List<Destination>> then) {
        List<SetChoice> choices = plan.choices(facts);
        Pending pending = new Pending(choices, then);
        for (int i = choices.size() - 1; i >= 0; i--) {
            SetChoice choice = choices.get(i);
            if (choice.flags().refuseIfSet() && nextHopIsSet || !ask(plan, choice, facts, new Slot(pending, i))) {
                pending.answer(i, List.of());
            }
        }
    }

    private boolean ask(SelectPlan plan, SetChoice choice, RequestFacts facts, Slot slot) {
        Algorithm algorithm = choice.algorithm();
        long hash = hash(plan, choice, facts);
        if (hash == SelectionKey.MISSING) {
            if (algorithm != Algorithm.AUTH_USER) {
                return false;
            }
            // OpenSIPS' round robin for requests without credentials stands still; ours is a real one.
            algorithm = Algorithm.ROUND_ROBIN;
            hash = 0;
        }
        return sets.ask(choice.set(), algorithm, (int) hash, choice.flags(), slot);
    }

    private long hash(SelectPlan plan, SetChoice choice, RequestFacts facts) {
        boolean userOnly = choice.flags().userOnly();
        return switch (choice.algorithm()) {
            case CALL_ID -> keys.ofCallId(facts.request());
            case FROM_URI -> keys.ofAddress(facts.request().from(), userOnly);
            case TO_URI -> keys.ofAddress(facts.request().to(), userOnly);
            case REQUEST_URI -> keys.ofUri(facts.request().requestUri(), userOnly);
            case AUTH_USER -> keys.ofAuthUser(facts.request());
            case RANDOM -> Integer.toUnsignedLong(random.nextInt());
            case HASH_PVAR -> ofText(plan.hashText(facts));
            case RENDEZVOUS -> {
                String text = plan.hashText(facts);
                yield text == null ? keys.ofCallId(facts.request()) : ofText(text);
            }
            case ROUND_ROBIN, PRIORITY, SMOOTH_ROUND_ROBIN -> 0;
        };
    }

    private long ofText(String text) {
        return text == null ? SelectionKey.MISSING : keys.ofText(text);
    }
}
