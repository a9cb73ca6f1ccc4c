package org.sipdispatch.proxy;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.observation.ActiveCalls;
import org.sipdispatch.observation.DestinationCounters;
import org.sipdispatch.observation.DestinationCounters.DestinationCounter;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.proxy.BestResponse.Challenge;
import org.sipdispatch.proxy.RelayDecision.Forked;
import org.sipdispatch.proxy.RelayDecision.Forwarded;
import org.sipdispatch.proxy.RelayDecision.Responded;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.GenerationCache;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;

/**
 * Forwards requests without transactions (RFC 3261 section 16.11). The branch is computed from the request alone. The
 * selected destination is remembered for a limited time, see {@link GenerationCache}.
 */
final class StatelessRelay {
    private static final int MOST_DECISIONS = 10_000;
    private static final int MOST_PENDING = 65_536;
    private static final long PENDING_MS = 5_000;

    private final ForwardingServices services;
    private final RequestPreprocessor reader;
    private final TransactionKey keys;
    private final EventClock clock;
    private final ActiveCalls calls;
    private final GenerationCache<RelayDecision> memory;
    private final GenerationCache<Boolean> pending;
    private final RepetitionConnections repetitions;
    private final LargeRequestHops large;

    private final Map<Rule, Map<NextHop, Forwarded>> decisions = new IdentityHashMap<>();
    private final DialogAffinity dialogs;

    StatelessRelay(
            ForwardingServices services,
            RequestPreprocessor reader,
            RelaySettings settings,
            DialogAffinity dialogs,
            ActiveCalls calls,
            LimitReporter limits) {
        this.services = services;
        this.reader = reader;
        this.keys = reader.keys();
        this.dialogs = dialogs;
        this.calls = calls;
        clock = services.transactions().clock();
        long transactionMs = services.transactions().timers().transactionMs();
        int most = settings.statelessMemory();
        pending = new GenerationCache<>(MOST_PENDING, PENDING_MS, clock.nowMs());
        repetitions = new RepetitionConnections(MOST_PENDING, services.transactions());
        large = new LargeRequestHops(services.transactions());
        memory = new GenerationCache<>(
                most, transactionMs, clock.nowMs(), limits.earlyEviction(Limit.STATELESS_MEMORY, most));
    }

    /** Repeats what was done for this transaction. */
    void repeatDecision(SipRequest request, Flow flow, long key) {
        if (pending.get(key) != null) {
            return;
        }
        RelayDecision decision = decided(key);
        if (decision instanceof Responded answered) {
            answer(request, flow, key, answered.reply());
        } else if (decision != null) {
            IncomingRequest arrival = reader.read(request, flow, key);
            if (arrival != null && request.maxForwards() != 0) {
                if (flow.connection() != Flow.NO_CONNECTION) {
                    repetitions.add(flow, key);
                }
                SendFailure why = repeat(arrival, decision);
                if (why != null) {
                    services.responses().send(request, flow, key, why);
                }
            }
        }
    }

    /** Forwards the request again. Returns null, or the reason if it could not be sent to any destination. */
    private SendFailure repeat(IncomingRequest arrival, RelayDecision decision) {
        if (decision instanceof Forwarded forwarded) {
            return forward(arrival, forwarded, false);
        }
        SendFailure failure = null;
        int sent = 0;
        for (Forwarded branch : ((Forked) decision).branches()) {
            SendFailure why = write(arrival, branch, branch.hop(), false);
            sent += why == null ? 1 : 0;
            failure = why == null ? failure : why;
        }
        services.counters().add(LaneCounter.FORWARDED, sent);
        return sent > 0 ? null : failure;
    }

    RepetitionConnections repetitions() {
        return repetitions;
    }

    private RelayDecision decided(long key) {
        RelayDecision decision = memory.get(key);
        return decision == null ? fromPeer(key) : decision;
    }

    /** Whether the transaction is remembered, so that {@link #repeatDecision} repeats its decision. */
    boolean remembers(long key) {
        return pending.get(key) != null || decided(key) != null;
    }

    /** The decision that another node reported for this transaction; null if none did. */
    private RelayDecision fromPeer(long key) {
        PeerTransaction call = services.peers().find(key);
        if (call == null || call.earlier() == null) {
            return call == null ? null : fromPeer(call);
        }
        List<Forwarded> branches = new ArrayList<>();
        for (PeerTransaction each = call; each != null; each = each.earlier()) {
            Forwarded branch = fromPeer(each);
            if (branch != null) {
                branches.add(branch);
            }
        }
        return branches.isEmpty() ? null : new Forked(branches);
    }

    private Forwarded fromPeer(PeerTransaction call) {
        NextHop hop = services.peers().hop(call);
        if (hop == null) {
            return null;
        }
        NextHop udp = call.large() && !call.atOnce() ? services.large().udp(hop) : null;
        return new Forwarded(
                udp == null ? hop : udp,
                call.domain(),
                call.recordRoute(),
                call.lane(),
                call.attempt(),
                udp == null ? null : hop);
    }

    /**
     * Marks the request as pending. Call this before asking the sets, so that a retransmission waits for the first
     * answer.
     */
    void markPending(IncomingRequest arrival) {
        pending.put(arrival.key(), Boolean.TRUE, clock.nowMs());
    }

    /** Forwards to the first candidate that a message can be sent to. */
    void dispatch(IncomingRequest arrival, Rule rule, List<Destination> candidates) {
        new Dispatch(arrival, rule, candidates).next();
    }

    /** Iterates over the candidates of one request. */
    private final class Dispatch extends Trampoline {
        private final IncomingRequest arrival;
        private final Rule rule;
        private final List<Destination> candidates;
        private int candidate = -1;
        private SendFailure why;

        Dispatch(IncomingRequest arrival, Rule rule, List<Destination> candidates) {
            this.arrival = arrival;
            this.rule = rule;
            this.candidates = candidates;
        }

        @Override
        void step() {
            candidate = services.filter().nextUsable(candidates, candidate);
            if (candidate >= candidates.size()) {
                refuse(
                        arrival,
                        why == null || why.isDestinationFault()
                                ? services.backoff().reply(rule, arrival, rule.unusable())
                                : FailureReplies.of(why));
            } else {
                services.resolver()
                        .toDestination(
                                candidates.get(candidate),
                                arrival.flow().socket(),
                                rule.policy().blacklists(),
                                this::resolved);
            }
        }

        private void resolved(List<NextHop> hops) {
            Destination destination = candidates.get(candidate);
            SendFailure none = services.overloaded().obstacle(hops, arrival.request());
            Forwarded decision = none != null ? null : decision(rule, destination, hops.get(0));
            DestinationCounters counters =
                    decision == null ? services.observations().of(destination).counters() : decision.counters();
            if (candidate == 0) {
                services.observations().firstHit(counters);
            }
            SendFailure failure = decision == null ? hasNoHop(none) : decided(arrival, decision);
            if (failure != null) {
                why = failure;
                if (failure.isDestinationFault()) {
                    counters.add(DestinationCounter.UNREACHABLE);
                }
                if (services.filter().nextUsable(candidates, candidate) < candidates.size()) {
                    counters.add(DestinationCounter.FAILOVERS);
                }
                next();
            }
        }

        private SendFailure hasNoHop(SendFailure failure) {
            SipRequest request = arrival.request();
            services.failures().add(failure, candidates.get(candidate).uri(), request.end() - request.start());
            return failure;
        }
    }

    /** Returns a shared object for all requests with the same target, so that remembering them allocates nothing. */
    private Forwarded decision(Rule rule, Destination destination, NextHop hop) {
        Map<NextHop, Forwarded> ofRule = decisions.computeIfAbsent(rule, unused -> new IdentityHashMap<>());
        Forwarded known = ofRule.get(hop);
        if (known == null) {
            if (ofRule.size() >= MOST_DECISIONS) {
                ofRule.clear();
            }
            SipUri domain = rule.policy().rewriteDomain() ? destination.trafficUri() : null;
            DestinationCounters counters = services.tally(destination, hop).counters();
            known = new Forwarded(
                    hop, domain, rule.policy().recordRoute(), services.lane(), 0, counters, rule, destination, null);
            ofRule.put(hop, known);
        }
        return known;
    }

    /** Remembers the decision and forwards the request. Returns null, or the reason if it could not be sent. */
    private SendFailure decided(IncomingRequest arrival, Forwarded decision) {
        pending.remove(arrival.key());
        memory.put(arrival.key(), decision, clock.nowMs());
        SendFailure why = forward(arrival, decision, false);
        if (why != null) {
            return why;
        }
        services.observations().sent(decision.counters());
        if (arrival.request().isMethod("INVITE")) {
            dialogs.remember(arrival.request(), decision.hop());
            NextHop taken = services.writer().hop();
            boolean overTcp = taken.socket() != decision.hop().socket();
            services.peers().sent(arrival, taken, 0, decision.domain(), decision.recordRoute(), overTcp, false);
        }
        return null;
    }

    /** The request with this key, for which sending was reported as successful, could not be sent. */
    void notSent(long key, SendFailure why) {
        if (why.isDestinationFault()
                && memory.get(key) instanceof Forwarded forwarded
                && forwarded.counters() != null) {
            forwarded.counters().add(DestinationCounter.UNREACHABLE);
        }
    }

    /** The challenges of a response, see {@link BestResponse#challenges}. */
    List<Challenge> challenges(SipResponse response, long key) {
        return BestResponse.isChallenge(response.status()) && memory.get(key) instanceof Forwarded forwarded
                ? List.of(new Challenge(response, forwarded.challenger()))
                : List.of();
    }

    /**
     * Counts a response for the request's destination, while that is remembered. A retransmitted response counts again,
     * because no state distinguishes it.
     */
    void answered(SipResponse response, long key) {
        if (memory.get(key) instanceof Forwarded forwarded
                && forwarded.counters() != null
                && !response.cseqMethodIs("CANCEL")) {
            services.overloaded().learn(forwarded.hop(), response);
            forwarded.counters().replied(response.status());
            services.backoff().begins(forwarded.destination(), response);
            if (forwarded.recordRoute() && response.isSuccess() && response.cseqMethodIs("INVITE")) {
                calls.answered(keys.callKey(response), forwarded.counters());
            }
        }
    }

    private void refuse(IncomingRequest arrival, LocalReply reply) {
        pending.remove(arrival.key());
        memory.put(arrival.key(), new Responded(reply), clock.nowMs());
        answer(arrival.request(), arrival.flow(), arrival.key(), reply);
    }

    private void answer(SipRequest request, Flow flow, long key, LocalReply reply) {
        services.responses().send(request, flow, key, reply.code(), reply.reason(), FailureReplies.headers(reply));
    }

    /**
     * Forwards a request of a dialog. It needs no memory: its target is in the message or in {@link DialogAffinity}.
     *
     * @param alongRoute whether it follows its Route
     */
    void inDialog(IncomingRequest arrival, List<NextHop> hops, boolean alongRoute) {
        if (!hops.isEmpty()) {
            services.overloaded().admits(hops.get(0), false);
        }
        SendFailure why = hops.isEmpty()
                ? NoNextHop.why(hops)
                : forward(arrival, new Forwarded(hops.get(0), null, false, services.lane(), 0, null), alongRoute);
        if (why != null) {
            services.responses().send(arrival.request(), arrival.flow(), arrival.key(), why);
        }
    }

    /** Forwards the request. Returns null, or the reason if it could not be sent. */
    private SendFailure forward(IncomingRequest arrival, Forwarded decision, boolean alongRoute) {
        long key = arrival.key();
        LargeRequestHops.Hops known = services.large().isOn() ? large.find(key, decision.hop(), decision.tcp()) : null;
        NextHop udp = known == null ? decision.hop() : known.udp();
        SendFailure why = write(arrival, decision, known == null ? udp : known.current(), alongRoute);
        NextHop taken = services.writer().hop();
        if (why != null && taken != udp) {
            services.large().refused(udp.remote());
            if (known != null) {
                refused(arrival.request(), key, known);
            }
            why = write(arrival, decision, udp, alongRoute);
        } else if (taken != udp && known == null) {
            large.remember(key, udp, taken);
        }
        if (why == null) {
            services.counters().add(LaneCounter.FORWARDED);
            services.log(decision.rule(), arrival, decision.destination());
        }
        return why;
    }

    private SendFailure write(IncomingRequest arrival, Forwarded decision, NextHop hop, boolean alongRoute) {
        ByteWriter message = services.writer()
                .request(
                        arrival,
                        hop,
                        ForwardingServices.branch(arrival, decision.lane(), decision.attempt()),
                        alongRoute,
                        decision.domain(),
                        decision.recordRoute(),
                        services.additions(decision.rule(), arrival, decision.destination()));
        return services.transactions().send(services.writer().hop(), message);
    }

    /** See {@link LargeRequestHops#sendsOverUdp}. */
    boolean sendsOverUdp(SipRequest sent, long key) {
        LargeRequestHops.Hops known = large.get(key);
        if (known == null) {
            return false;
        }
        refused(sent, key, known);
        return large.sendsOverUdp(sent, known);
    }

    /**
     * A message of the request was refused over TCP. The other nodes learn the UDP hop: the TCP hop does not show its
     * socket, and their CANCEL needs the same Via.
     */
    private void refused(SipRequest sent, long key, LargeRequestHops.Hops known) {
        large.refused(key, known);
        boolean isOfInvite = sent.isMethod("INVITE") || sent.isMethod("CANCEL") || sent.isMethod("ACK");
        if (isOfInvite && !known.returned() && memory.get(key) instanceof Forwarded call) {
            services.peers().sent(key, known.udp(), call.attempt(), call.domain(), call.recordRoute(), false, false);
        }
    }
}
