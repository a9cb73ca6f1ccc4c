package org.sipdispatch.relay;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.relay.DestinationCounters.Count;
import org.sipdispatch.routing.Reply;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.sip.ByteSink;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.SipUri;

/**
 * Forwards without transactions (RFC 3261 section 16.11). The branch follows from the request alone; which destination
 * was chosen is remembered for a while, see {@link RecentMemory}.
 */
final class StatelessRelay {
    private static final int MOST_DECISIONS = 10_000;
    private static final int MOST_PENDING = 65_536;
    private static final long PENDING_MS = 5_000;

    /** What was decided for a transaction. */
    private sealed interface Decision {}

    /**
     * It went there.
     *
     * @param counters of the destination; null if it belongs to none
     */
    private record Forwarded(
            Hop hop, SipUri domain, boolean recordRoute, int lane, int attempt, DestinationCounters counters)
            implements Decision {}

    /** It was answered here. */
    private record Answered(Reply reply) implements Decision {}

    private final Lane lane;
    private final RecentMemory<Decision> memory;
    private final RecentMemory<Boolean> pending;
    /** By which TCP connection a request came that was repeated on another one than before. */
    private final RecentMemory<Flow> newest;

    private final Map<Rule, Map<Hop, Forwarded>> decisions = new IdentityHashMap<>();
    private final Dialogs dialogs;

    StatelessRelay(Lane lane, Dialogs dialogs) {
        this.lane = lane;
        this.dialogs = dialogs;
        pending = new RecentMemory<>(MOST_PENDING, PENDING_MS, lane.nowMs);
        newest = new RecentMemory<>(MOST_PENDING, lane.settings.transactionMs(), lane.nowMs);
        int most = lane.settings.statelessMemory();
        memory = new RecentMemory<>(
                most, lane.settings.transactionMs(), lane.nowMs, lane.forgetsEarly(Limit.STATELESS_MEMORY, most));
    }

    /** Does again what was done for this transaction. */
    void again(SipRequest request, Flow flow, long key) {
        if (pending.get(key) != null) {
            return;
        }
        Decision decision = decided(key);
        if (decision instanceof Forwarded forwarded) {
            Arrival arrival = arrival(request, flow, key);
            if (arrival != null && request.maxForwards() != 0) {
                if (flow.connection() != Flow.NO_CONNECTION) {
                    newest.put(key, flow, lane.nowMs);
                }
                SendFailure why = forward(arrival, forwarded, false);
                if (why != null) {
                    lane.answer(request, flow, key, why);
                }
            }
        } else if (decision instanceof Answered answered) {
            answer(request, flow, key, answered.reply);
        }
    }

    /** By which connection a request came last, if it came again; null if it did not. */
    Flow newest(long key) {
        return newest.get(key);
    }

    private Decision decided(long key) {
        Decision decision = memory.get(key);
        return decision == null ? ofAnotherNode(key) : decision;
    }

    /** Whether something is remembered of that transaction, so that {@link #again} would do it again. */
    boolean remembers(long key) {
        return pending.get(key) != null || decided(key) != null;
    }

    /** What another node told that it did for this transaction; null if it told nothing. */
    private Forwarded ofAnotherNode(long key) {
        CarriedCall call = lane.carried.find(key);
        Hop hop = call == null ? null : lane.carried.hop(call);
        return hop == null
                ? null
                : new Forwarded(hop, call.domain(), call.recordRoute(), call.lane(), call.attempt(), null);
    }

    private Arrival arrival(SipRequest request, Flow flow, long key) {
        DialogRoute route = DialogRoute.of(request, lane);
        return route == null ? null : new Arrival(lane, request, flow, key, lane.keys.loop(request), route);
    }

    /** To be called before the sets are asked, so that a repeated request waits for the first one's answer. */
    void begin(Arrival arrival) {
        pending.put(arrival.key(), Boolean.TRUE, lane.nowMs);
    }

    /** Forwards to the first candidate that a message can be sent to. */
    void dispatch(Arrival arrival, Rule rule, List<Destination> candidates) {
        new Attempts(arrival, rule, candidates).next();
    }

    /** The candidates of one request, one after the other. */
    private final class Attempts extends Steps {
        private final Arrival arrival;
        private final Rule rule;
        private final List<Destination> candidates;
        private int candidate = -1;
        private SendFailure why;

        Attempts(Arrival arrival, Rule rule, List<Destination> candidates) {
            this.arrival = arrival;
            this.rule = rule;
            this.candidates = candidates;
        }

        @Override
        void step() {
            candidate = Candidates.following(lane, candidates, candidate);
            if (candidate >= candidates.size()) {
                Reply reply = why == null || why.isDestinations() ? rule.unusable() : why.reply();
                refuse(arrival, reply);
            } else {
                lane.hops.toDestination(
                        candidates.get(candidate), arrival.flow().socket(), this::resolved);
            }
        }

        private void resolved(List<Hop> hops) {
            Destination destination = candidates.get(candidate);
            Forwarded decision = hops.isEmpty() ? null : decision(rule, destination, hops.get(0));
            DestinationCounters counters =
                    decision == null ? lane.evidence.of(destination).counters() : decision.counters;
            if (candidate == 0) {
                lane.destinations.firstHit(counters, lane.nowMs);
            }
            SendFailure failure = decision == null ? hasNoHop(hops) : decided(arrival, decision);
            if (failure != null) {
                why = failure;
                if (failure.isDestinations()) {
                    counters.add(Count.UNREACHABLE);
                }
                if (Candidates.following(lane, candidates, candidate) < candidates.size()) {
                    counters.add(Count.FAILOVERS);
                }
                next();
            }
        }

        private SendFailure hasNoHop(List<Hop> none) {
            SendFailure failure = NoHop.why(none);
            SipRequest request = arrival.request();
            lane.failures.add(failure, candidates.get(candidate).uri(), request.end() - request.start());
            return failure;
        }
    }

    /** One object for all requests that go the same way, so that remembering them leaves no garbage behind. */
    private Forwarded decision(Rule rule, Destination destination, Hop hop) {
        Map<Hop, Forwarded> ofRule = decisions.computeIfAbsent(rule, unused -> new IdentityHashMap<>());
        Forwarded known = ofRule.get(hop);
        if (known == null) {
            if (ofRule.size() >= MOST_DECISIONS) {
                ofRule.clear();
            }
            SipUri domain = rule.policy().rewriteDomain() ? destination.trafficUri() : null;
            DestinationCounters counters = lane.evidence.of(destination).counters();
            known = new Forwarded(hop, domain, rule.policy().recordRoute(), lane.setup.lane(), 0, counters);
            ofRule.put(hop, known);
        }
        return known;
    }

    /** Tells why if it could not be sent, else null. */
    private SendFailure decided(Arrival arrival, Forwarded decision) {
        pending.remove(arrival.key());
        memory.put(arrival.key(), decision, lane.nowMs);
        SendFailure why = forward(arrival, decision, false);
        if (why != null) {
            return why;
        }
        lane.destinations.sent(decision.counters, lane.nowMs);
        if (arrival.request().isMethod("INVITE")) {
            dialogs.taken(arrival.call(), decision.hop);
            lane.carried.sent(arrival, decision.hop, 0, decision.domain, decision.recordRoute);
        }
        return null;
    }

    /** The request with that key, which was sent before, could not be sent after all. */
    void notSent(long key, SendFailure why) {
        if (why.isDestinations() && memory.get(key) instanceof Forwarded forwarded && forwarded.counters != null) {
            forwarded.counters.add(Count.UNREACHABLE);
        }
    }

    /**
     * Counts a reply for the destination that the request went to, as long as that is remembered. One that is repeated
     * counts again: nothing is kept to tell it by.
     */
    void answered(SipResponse response, long key) {
        if (memory.get(key) instanceof Forwarded forwarded
                && forwarded.counters != null
                && !response.cseqMethodIs("CANCEL")) {
            forwarded.counters.replied(response.status());
            if (forwarded.recordRoute && response.isSuccess() && response.cseqMethodIs("INVITE")) {
                lane.calls.answered(lane.keys.call(response), forwarded.counters);
            }
        }
    }

    private void refuse(Arrival arrival, Reply reply) {
        pending.remove(arrival.key());
        memory.put(arrival.key(), new Answered(reply), lane.nowMs);
        answer(arrival.request(), arrival.flow(), arrival.key(), reply);
    }

    private void answer(SipRequest request, Flow flow, long key, Reply reply) {
        lane.answer(request, flow, key, reply.code(), reply.reason(), SendFailure.headers(reply));
    }

    /**
     * Forwards a request of a dialog. Nothing needs to be remembered: the way is in the message, or the dialog is.
     *
     * @param alongRoute whether it follows its Route
     */
    void inDialog(Arrival arrival, List<Hop> hops, boolean alongRoute) {
        SendFailure why = hops.isEmpty()
                ? NoHop.why(hops)
                : forward(arrival, new Forwarded(hops.get(0), null, false, lane.setup.lane(), 0, null), alongRoute);
        if (why != null) {
            lane.answer(arrival.request(), arrival.flow(), arrival.key(), why);
        }
    }

    private static Branch branch(Arrival arrival, Forwarded decision) {
        return new Branch(
                decision.lane, arrival.flow().socket().index(), decision.attempt, arrival.key(), arrival.loop());
    }

    /** Tells why if it could not be sent, else null. */
    private SendFailure forward(Arrival arrival, Forwarded decision, boolean alongRoute) {
        ByteSink message = lane.outgoing.request(
                arrival, decision.hop, branch(arrival, decision), alongRoute, decision.domain, decision.recordRoute);
        SendFailure why = lane.send(decision.hop.socket(), decision.hop.remote(), Flow.NO_CONNECTION, message);
        if (why == null) {
            lane.counters.add(Counter.FORWARDED);
        }
        return why;
    }
}
