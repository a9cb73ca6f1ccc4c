package org.sipdispatch.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.routing.SetChoice;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SelectTrace;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.TransactionKey;

/**
 * Selects destinations for a request. A destination that the request belongs to is the first candidate, regardless of
 * the algorithm, and the others follow. It must be usable and in a set that the rule names. Not thread-safe.
 */
final class AffinitySelector {
    private final Selector selector;
    private final SetSelector sets;
    private final ChallengerTokens challengers;
    private final TransactionKey keys;
    private final StickyDestinations sticky;

    AffinitySelector(
            Selector selector,
            SetSelector sets,
            ChallengerTokens challengers,
            TransactionKey keys,
            StickyDestinations sticky) {
        this.selector = selector;
        this.sets = sets;
        this.challengers = challengers;
        this.keys = keys;
        this.sticky = sticky;
    }

    /** Why a request belongs to a destination. */
    enum Reason {
        /** Its credentials answer a challenge of the destination. */
        CHALLENGER(LaneCounter.TO_CHALLENGERS, "its credentials answer a challenge of "),
        /** The destination accepted a request with the same sticky key. */
        STICKY(LaneCounter.TO_STICKY, "its sticky key belongs to ");

        private final LaneCounter counter;
        private final String text;

        Reason(LaneCounter counter, String text) {
            this.counter = counter;
            this.text = text;
        }

        LaneCounter counter() {
            return counter;
        }
    }

    /** The destination that a request belongs to. */
    record BoundDestination(Destination destination, Reason reason) {
        String text() {
            return reason.text + destination.uri() + ": ";
        }
    }

    /**
     * Selects as {@link Selector#select} does. If the request belongs to a destination, the selection advances no round
     * robin: otherwise a client that always needs two requests, one of them with credentials, would use up two turns,
     * and in a set of two destinations all calls would begin at the same one.
     *
     * @param first the result of {@link #first}
     */
    void select(
            IncomingRequest arrival,
            Rule rule,
            RequestFacts facts,
            BoundDestination first,
            SelectTrace trace,
            Consumer<List<Destination>> then) {
        boolean nextHop = arrival.hasNextHop();
        if (first == null) {
            selector.select(rule.plan(), facts, nextHop, trace, then);
        } else {
            Consumer<List<Destination>> reordered = candidates -> then.accept(inFront(first.destination, candidates));
            selector.select(rule.plan(), facts, nextHop, trace.unmoved(), reordered);
        }
    }

    /** There are as many candidates as without affinity: one if the rule has no failover list. */
    private static List<Destination> inFront(Destination first, List<Destination> selected) {
        List<Destination> candidates = new ArrayList<>(selected.size() + 1);
        for (Destination candidate : selected) {
            if (candidates.isEmpty()) {
                candidates.add(first);
            }
            if (!candidate.equals(first) && candidates.size() < selected.size()) {
                candidates.add(candidate);
            }
        }
        return candidates;
    }

    /**
     * The destination that the request belongs to, if it is usable; null if there is none.
     *
     * @throws org.sipdispatch.settings.SettingException if the plan's pseudo-variables expand to an invalid value
     */
    BoundDestination first(SipRequest request, Rule rule, RequestFacts facts) {
        for (int i = 0; rule.policy().challengeAffinity() && i < request.headers(); i++) {
            long name =
                    ChallengerTokens.hasCredentials(request, i) ? challengers.read(request, i) : ChallengerTokens.NONE;
            Destination challenger = name == ChallengerTokens.NONE ? null : usable(name, rule, facts);
            if (challenger != null) {
                return new BoundDestination(challenger, Reason.CHALLENGER);
            }
        }
        String key = rule.stickyKey(facts);
        long name = key == null ? StickyDestinations.NONE : sticky.find(keys.stickyKey(key));
        Destination accepted = name == StickyDestinations.NONE ? null : usable(name, rule, facts);
        return accepted == null ? null : new BoundDestination(accepted, Reason.STICKY);
    }

    private Destination usable(long shortName, Rule rule, RequestFacts facts) {
        for (SetChoice choice : rule.plan().choices(facts)) {
            SetView view = sets.view(choice.set());
            Destination member = view == null ? null : view.named(shortName);
            if (member != null && !sets.isUnusable(member)) {
                return member;
            }
        }
        return null;
    }
}
