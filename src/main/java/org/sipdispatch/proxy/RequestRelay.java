package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.limits.CallHold;
import org.sipdispatch.limits.CallLimits;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.observation.ActiveCalls;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LogText;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.RelayPolicy.Mode;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SelectTrace;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes requests. A request of a known transaction goes to that transaction; for any other request it executes the
 * decision of {@link RequestRouter}.
 */
final class RequestRelay implements RoutingOutcome {
    private static final Logger LOG = LoggerFactory.getLogger(RequestRelay.class);
    private static final long WARN_EVERY_MS = 1_000;
    private static final Rejection STALE = new Rejection(
            WaitingRequests.REJOINING,
            null,
            FailureReplies.configuredHeaders(WaitingRequests.REJOINING),
            "this node was paused, and the other nodes have not confirmed its membership yet");
    private static final LocalReply INTERNAL_ERROR = new LocalReply(500, "Server Internal Error");

    private final ForwardingServices services;
    private final TransactionKey keys;
    private final EventClock clock;
    private final OwnResponseWriter responses;
    private final NextHopResolver resolver;
    private final LargeRequests large;
    private final LaneCounters counters;
    private final ActiveCalls calls;
    private final RequestRouter router;
    private final AffinitySelector selector;
    private final SenderExclusion senderExclusion;
    private final StatelessRelay stateless;
    private final StatefulRelay stateful;
    private final TransactionLookup transactions;
    private final WaitingRequests waiting;
    private final Shedding shedding;
    private long warnAgainAtMs;

    /** {@code services}: the same that the relays in {@code transactions} use. */
    RequestRelay(
            ForwardingServices services,
            TransactionLookup transactions,
            ActiveCalls calls,
            RequestRouter router,
            AffinitySelector selector,
            SenderExclusion otherThanSender,
            Shedding shedding) {
        this.services = services;
        this.transactions = transactions;
        this.calls = calls;
        this.router = router;
        this.selector = selector;
        this.senderExclusion = otherThanSender;
        this.shedding = shedding;
        keys = transactions.keys();
        stateful = transactions.stateful();
        stateless = transactions.stateless();
        clock = services.transactions().clock();
        responses = services.responses();
        resolver = services.resolver();
        large = services.large();
        counters = services.counters();
        waiting = services.waiting();
    }

    /** Sets what to do with new requests. */
    void setNewRequests(NewRequests treatment) {
        router.setNewRequests(treatment);
    }

    /** The cluster has confirmed this lane's views. */
    void viewsConfirmed() {
        waiting.resume();
    }

    /** Whether {@link #tick} has nothing to do. */
    boolean isIdle() {
        return waiting.isEmpty() && shedding.isIdle();
    }

    void tick() {
        waiting.tick();
        shedding.tick();
        services.overloaded().tick();
    }

    void received(SipRequest request, Flow flow) {
        long key = keys.of(request);
        switch (transactions.of(request, key)) {
            case NONE -> {
                if (!shedding.shedsNew(request, flow, key)) {
                    router.decide(request, flow, key, this);
                }
            }
            case ACKNOWLEDGES -> stateful.find(key).acknowledged();
            case ANSWERED_HERE -> {}
            case CANCELS -> stateful.cancel(request, flow, key);
            case STATEFUL -> stateful.find(key).repeated(flow);
            case STATELESS -> stateless.repeatDecision(request, flow, key);
        }
    }

    /** An internal error stopped the processing of the request. Attempts that have been sent continue. */
    void failed(SipRequest request, Flow flow) {
        long key = keys.of(request);
        StatefulRequest known = stateful.find(key);
        if (known == null) {
            responses.send(request, flow, key, INTERNAL_ERROR.code(), INTERNAL_ERROR.reason(), "");
        } else if (known.isFor(request)) {
            known.failed(INTERNAL_ERROR);
        }
    }

    @Override
    public void refused(SipRequest request, Flow flow, long key, Rejection refusal) {
        if (refusal.counter() != null) {
            counters.add(refusal.counter());
        }
        if (refusal.counter() == LaneCounter.REFUSED_TARGETS) {
            warn(flow, "request of a dialog refused: " + refusal.why());
        }
        responses.send(
                request, flow, key, refusal.reply().code(), refusal.reply().reason(), refusal.headers());
    }

    @Override
    public void isForThisProxy(IncomingRequest arrival) {
        answer(arrival, RequestRouter.OPTIONS_OK, "Accept: */*\r\n");
    }

    private void answer(IncomingRequest arrival, LocalReply reply, String headers) {
        responses.send(arrival.request(), arrival.flow(), arrival.key(), reply.code(), reply.reason(), headers);
    }

    @Override
    public void followsRoute(IncomingRequest arrival) {
        router.alongRoute(arrival, this, hops -> inDialog(arrival, hops, true));
    }

    @Override
    public void followsDialog(IncomingRequest arrival, NextHop taken) {
        inDialog(arrival, List.of(taken), false);
    }

    /**
     * Relays a request of a dialog statefully if it arrives or leaves over TCP. A request that arrived over TCP is not
     * retransmitted by its sender, so that this node must retransmit it over UDP. If a TCP connection is refused or
     * breaks, only this node can inform the sender (RFC 3261 section 16.9). A request that is too large for UDP may leave
     * over TCP, and over UDP again.
     */
    private void inDialog(IncomingRequest arrival, List<NextHop> hops, boolean alongRoute) {
        if (!hops.isEmpty()) {
            endCallOnBye(arrival);
        }
        boolean cameByTcp = arrival.flow().socket().protocol().isReliable();
        boolean leavesByTcp = !hops.isEmpty() && hops.get(0).socket().protocol().isReliable();
        boolean mayChange = !cameByTcp && !leavesByTcp && large.mayBeLarge(arrival.request());
        if (hops.isEmpty()
                || RequestRouter.isAckOrCancel(arrival.request())
                || !cameByTcp && !leavesByTcp && !mayChange) {
            stateless.inDialog(arrival, hops, alongRoute);
            return;
        }
        if (leavesByTcp && stateful.reached(arrival) != null) {
            // TCP needs no retransmissions, and the transport returns messages that it could not send.
            stateless.inDialog(arrival, hops, alongRoute);
        } else if (isAdmitted(arrival)) {
            ResponseContext context = stateful.begin(arrival, null, null);
            sendTrying(context);
            context.follow(hops, alongRoute);
        }
    }

    /** A BYE that passes through ends its call. */
    private void endCallOnBye(IncomingRequest arrival) {
        if (arrival.request().isMethod("BYE") && arrival.request().hasToTag()) {
            calls.ended(keys.callKey(arrival.request()));
        }
    }

    private static void sendTrying(ResponseContext context) {
        if (context.server().isInvite()) {
            context.sendTrying();
        }
    }

    /** Whether the quota admits a transaction for the request; if not, the request is refused. */
    private boolean isAdmitted(IncomingRequest arrival) {
        Limit reached = stateful.reached(arrival);
        if (reached != null) {
            stateful.refused(arrival, reached);
            refused(arrival.request(), arrival.flow(), arrival.key(), RequestRouter.limitRejection(reached));
        }
        return reached == null;
    }

    @Override
    public void replied(IncomingRequest arrival, Rule rule, LocalReply reply) {
        services.pushAttrs(rule, arrival);
        services.log(rule, arrival, null);
        answer(
                arrival,
                reply,
                reply.code() == 405 ? router.allowHeader(arrival) : FailureReplies.configuredHeaders(reply));
    }

    @Override
    public void dispatched(IncomingRequest arrival, Rule rule, RequestFacts facts) {
        if (shedding.shedsDispatched(arrival.request(), arrival.flow(), arrival.key())) {
            return;
        }
        if (waiting.isNeeded()) {
            SipRequest request = arrival.request();
            Flow flow = arrival.flow();
            waiting.add(() -> received(request, flow), () -> refused(request, flow, keys.of(request), STALE));
            return;
        }
        services.pushAttrs(rule, arrival);
        if (RequestRouter.mode(rule, arrival.request()) == Mode.STATELESS) {
            endCallOnBye(arrival);
            stateless.markPending(arrival);
            select(arrival, rule, facts, candidates -> stateless.dispatch(arrival, rule, candidates));
        } else {
            dispatchStatefully(arrival, rule, facts);
        }
    }

    private void dispatchStatefully(IncomingRequest arrival, Rule rule, RequestFacts facts) {
        if (!isAdmitted(arrival)) {
            return;
        }
        List<CallLimits> limits = rule.policy().mode() == Mode.REDIRECT ? List.<CallLimits>of() : sourceLimits(arrival);
        if (limits.isEmpty()) {
            begin(arrival, rule, facts, null);
            return;
        }
        NodeLimits.TakenPlaces places = services.admission().take(limits);
        if (places.hold() != null) {
            begin(arrival, rule, facts, places.hold());
        } else if (places.mayWait()) {
            services.admission().await(places, () -> received(arrival.request(), arrival.flow()));
        } else {
            Rejection refusal = services.admission().refusal();
            refused(arrival.request(), arrival.flow(), arrival.key(), refusal);
        }
    }

    /** {@code sourcePlaces}: the call's places in the limits of its sources; null for none. */
    private void begin(IncomingRequest arrival, Rule rule, RequestFacts facts, CallHold sourcePlaces) {
        ResponseContext context = stateful.begin(arrival, rule, sourcePlaces);
        if (rule.policy().mode() == Mode.REDIRECT) {
            select(arrival, rule, facts, candidates -> redirect(context, arrival, rule, facts, candidates));
            return;
        }
        endCallOnBye(arrival);
        sendTrying(context);
        select(arrival, rule, facts, candidates -> selected(context, arrival, rule, facts, candidates));
    }

    /** The limits of the sources of a new call. */
    private List<CallLimits> sourceLimits(IncomingRequest arrival) {
        return services.admission().limitsSources() && arrival.beginsCall()
                ? services.admission().ofSource(arrival.flow().source().getAddress())
                : List.of();
    }

    /** This process may have been paused since the set actors were asked. Then they are asked again. */
    private void selected(
            ResponseContext context,
            IncomingRequest arrival,
            Rule rule,
            RequestFacts facts,
            List<Destination> candidates) {
        if (waiting.isNeeded()) {
            waiting.add(
                    () -> select(arrival, rule, facts, again -> selected(context, arrival, rule, facts, again)),
                    () -> context.refuse(WaitingRequests.REJOINING));
        } else {
            context.dispatch(candidates, !candidates.isEmpty() && rule.plan().isParallel(facts));
        }
    }

    private void redirect(
            ResponseContext context,
            IncomingRequest arrival,
            Rule rule,
            RequestFacts facts,
            List<Destination> candidates) {
        List<Destination> contacts = resolver.contacts(rule, candidates);
        if (candidates.isEmpty()) {
            context.dispatch(candidates, false);
        } else if (contacts.isEmpty()) {
            context.failed(FailureReplies.of(SendFailure.BLACKLISTED));
        } else {
            services.log(rule, arrival, contacts.get(0));
            boolean equal = rule.plan().isParallel(facts);
            context.redirect(
                    contacts.get(0), RedirectContacts.of(arrival.request().requestUri(), contacts, equal));
        }
    }

    private void select(IncomingRequest arrival, Rule rule, RequestFacts facts, Consumer<List<Destination>> then) {
        try {
            AffinitySelector.BoundDestination first = selector.first(arrival.request(), rule, facts);
            if (first != null) {
                counters.add(first.reason().counter());
            }
            selector.select(
                    arrival,
                    rule,
                    facts,
                    first,
                    SelectTrace.NONE,
                    candidates -> then.accept(senderExclusion.withoutSender(arrival, candidates)));
        } catch (SettingException e) {
            warn(arrival.flow(), e.getMessage());
            then.accept(List.of());
        }
    }

    /** Logs at most once a second, because any sender of requests could otherwise flood the log. */
    private void warn(Flow flow, String text) {
        if (clock.nowMs() >= warnAgainAtMs) {
            warnAgainAtMs = clock.nowMs() + WARN_EVERY_MS;
            InetSocketAddress source = flow.source();
            LOG.warn("from {}:{}: {}", source.getAddress().getHostAddress(), source.getPort(), LogText.cleaned(text));
        }
    }
}
