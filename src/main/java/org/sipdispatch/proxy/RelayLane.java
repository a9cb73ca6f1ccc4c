package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.observation.ActiveCalls;
import org.sipdispatch.observation.DroppedMessages;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.observation.ObservationBatcher;
import org.sipdispatch.observation.SendFailures;
import org.sipdispatch.sets.SetActor;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.sip.ParseFailure;
import org.sipdispatch.sip.ParseResult;
import org.sipdispatch.sip.SipHash;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.TimerWheel;
import org.sipdispatch.transaction.TransactionContext;
import org.sipdispatch.transaction.TransactionTimers;

/**
 * One lane of traffic. It processes every received message, every answer of a set actor and every clock tick. A plain
 * object on one thread; its ports connect it to sockets and actors. Each event's time is an argument, in milliseconds
 * of a monotonic clock.
 */
public final class RelayLane {
    private final LaneSetup setup;
    private final LaneTransport transport;
    private final TransactionKey keys;
    private final EventClock clock;
    private final TimerWheel timers;
    private final LaneCounters counters;
    private final SendFailures failures;
    private final DroppedMessages dropped;
    private final NextHopResolver resolver;
    private final DestinationAddresses addresses;
    private final LargeRequests large;
    private final ViewFreshness views;
    private final OwnResponseWriter ownResponses;
    private final PeerTransactions peers;
    private final StickyDestinations sticky;
    private final ActiveCalls calls;
    private final StatefulRelay stateful;
    private final RequestRelay requests;
    private final ResponseRelay responses;
    private final AdmissionGate admission;
    private final OverloadFeedback overload;
    private final LanePings pings;
    private final Explainer explainer;

    public RelayLane(LaneSetup setup, LaneDependencies ports, long nowMs) {
        this.setup = setup;
        RelaySettings settings = setup.settings();
        transport = ports.transport();
        counters = ports.counters();
        keys = new TransactionKey(SipHash.of(settings.secret()));
        clock = new EventClock(ports.micros(), nowMs);
        timers = new TimerWheel(nowMs);
        failures = new SendFailures(counters, clock);
        dropped = new DroppedMessages(clock);
        addresses = new DestinationAddresses(ports.sets(), ports.resolver());
        BlacklistedAddresses blacklisted = blacklisted();
        ExpectedTlsPeers tlsPeers = new ExpectedTlsPeers(addresses, setup.uncheckedDomains());
        resolver = new NextHopResolver(setup.sockets(), ports.resolver(), ports.sets(), blacklisted, tlsPeers);
        views = new ViewFreshness(ports.pauses());
        LimitReporter limits = new LimitReporter(counters.limits(), clock, setup.lane());
        peers = new PeerTransactions(setup, tlsPeers, counters, clock, limits, ports.carried());
        sticky = new StickyDestinations(setup, clock, timers, counters, limits, ports.carried());
        Tokens tokens = tokens(ports);
        overload = new OverloadFeedback(settings.overload().isOn(), ports.epochSeconds());
        large = new LargeRequests(settings.udpMtu(), setup.sockets(), ports.protectedPort(), blacklisted, clock);
        ForwardingServices services = services(ports, tokens, limits);
        ownResponses = services.responses();

        RequestPreprocessor reader = new RequestPreprocessor(keys, setup.sockets(), tokens.routeTokens, tokens.flows);
        DialogAffinity dialogs = new DialogAffinity(settings.dialogMemory(), keys, clock, limits);
        calls = activeCalls(settings, ports, limits);
        stateful = new StatefulRelay(services, settings, keys, dialogs, calls, sticky, limits);
        StatelessRelay stateless = new StatelessRelay(services, reader, settings, dialogs, calls, limits);
        RequestRouter router = router(ports, reader, dialogs);
        SenderExclusion others = new SenderExclusion(addresses);
        AffinitySelector selector = selector(ports, tokens.challengers);
        TransactionLookup lookup = new TransactionLookup(keys, stateful, stateless);
        admission = new AdmissionGate(settings.overload());
        requests = new RequestRelay(services, lookup, calls, router, selector, others, shedding(services, limits));
        responses = new ResponseRelay(setup.sockets(), keys, services, stateful, stateless, calls);
        pings = new LanePings(setup, services.transactions(), keys, resolver, counters, failures, ports.pauses());
        SetExplainer sets = new SetExplainer(setup, ports.sets());
        explainer = new Explainer(settings.maxBranches(), services, others, router, lookup, selector, sets);
    }

    private BlacklistedAddresses blacklisted() {
        return new BlacklistedAddresses(setup.routing().blacklists(), addresses);
    }

    private RequestRouter router(LaneDependencies ports, RequestPreprocessor reader, DialogAffinity dialogs) {
        DialogTargetCheck targets = new DialogTargetCheck(
                setup.sockets(),
                addresses,
                ports.protectedPort(),
                setup.settings().inDialogTargets());
        return new RequestRouter(setup, reader, resolver, addresses, targets, dialogs);
    }

    private Shedding shedding(ForwardingServices services, LimitReporter limits) {
        return new Shedding(admission, setup, services, limits, overload);
    }

    private AffinitySelector selector(LaneDependencies ports, ChallengerTokens challengers) {
        Selector selector = new Selector(setup, ports.sets(), new AlgoRouteFailureLog(counters, ports.micros()));
        return new AffinitySelector(selector, ports.sets(), challengers, keys, sticky);
    }

    private record Tokens(RouteTokens routeTokens, FlowTokens flows, ChallengerTokens challengers) {}

    private Tokens tokens(LaneDependencies ports) {
        return new Tokens(
                new RouteTokens(keys, ports.epochSeconds(), setup.settings().callLongestMs()),
                new FlowTokens(keys, setup.sockets(), ports.epochSeconds()),
                new ChallengerTokens(keys));
    }

    private ForwardingServices services(LaneDependencies ports, Tokens tokens, LimitReporter limits) {
        TransactionTimers intervals = setup.settings().timers();
        TransactionContext transactions = new TransactionContext(clock, timers, transport, intervals, failures::add);
        ReceivedParameterCache sources = new ReceivedParameterCache();
        OverloadedHops overloaded = new OverloadedHops(setup.settings().overload(), clock);
        return new ForwardingServices(
                setup.lane(),
                transactions,
                new ForwardedMessageWriter(
                        keys,
                        tokens.routeTokens,
                        tokens.flows,
                        large,
                        sources,
                        tokens.challengers,
                        overload,
                        overloaded.offer()),
                new OwnResponseWriter(transactions, counters, keys, sources, overload),
                resolver,
                large,
                overloaded,
                addresses,
                new CandidateFilter(ports.sets(), views),
                new CallAdmission(ports.limits(), addresses, clock, limits, ports.onLane(), keys),
                backoff(ports),
                new WaitingRequests(clock, views, counters),
                peers,
                new ObservationBatcher(clock, timers, counters.destinations(), ports.limits(), ports.observations()),
                counters,
                ports.pushed(),
                failures);
    }

    private DestinationBackoff backoff(LaneDependencies ports) {
        boolean isOn = !setup.routing().longestBackoff().isZero();
        return new DestinationBackoff(ports.backoffs(), counters, addresses, isOn);
    }

    private ActiveCalls activeCalls(RelaySettings settings, LaneDependencies ports, LimitReporter limits) {
        return new ActiveCalls(
                clock,
                timers,
                limits,
                ports.limits(),
                settings.callMemory(),
                settings.callLongestMs(),
                settings.timers().transactionMs());
    }

    /** Processes a received message. The lane takes ownership of the bytes. */
    public void received(byte[] bytes, int offset, int length, Flow flow, long nowMs) {
        clock.set(nowMs);
        ParseResult input = SipParser.parse(bytes, offset, length);
        if (input instanceof SipRequest request) {
            int owner = ownerOf(request);
            if (owner == setup.lane()) {
                counters.add(LaneCounter.REQUESTS);
                requests.received(request, flow);
            } else if (!transport.handOver(owner, bytes, offset, length, flow)
                    && flow.connection() != Flow.NO_CONNECTION) {
                // Over TCP the sender does not retransmit. A request dropped over UDP arrives again.
                ownResponses.send(request, flow, keys.of(request), 503, "Overloaded", "Retry-After: 10\r\n");
            }
        } else if (input instanceof SipResponse response) {
            response(response, flow);
        } else if (input instanceof ParseFailure failure) {
            counters.add(LaneCounter.PARSE_FAILURES);
            if (failure.code() > 0) {
                // Use the usual key, so that the tag identifies the ACK for this response.
                long key = keys.of(failure.request());
                ownResponses.send(failure.request(), flow, key, failure.code(), failure.reason(), "");
            } else {
                dropped.add(failure.reason(), flow.source(), length);
            }
        }
    }

    /** An internal error stopped the processing of a message. If it is a request, the response is a 500. */
    public void failed(byte[] bytes, int offset, int length, Flow flow, long nowMs) {
        clock.set(nowMs);
        if (SipParser.parse(bytes, offset, length) instanceof SipRequest request) {
            requests.failed(request, flow);
        }
    }

    /** Responds to a request that the transport could not read completely, if the header can be parsed. */
    public void refuse(byte[] bytes, Flow flow, int code, String reason, long nowMs) {
        clock.set(nowMs);
        counters.add(LaneCounter.PARSE_FAILURES);
        ParseResult input = SipParser.parse(bytes, 0, bytes.length);
        SipRequest request = input instanceof ParseFailure failure ? failure.request() : null;
        if (request != null) {
            ownResponses.send(request, flow, keys.of(request), code, reason, "");
        }
    }

    /**
     * Explains where a request would go if it arrived now. Sends, stores and counts nothing, and moves no round robin.
     *
     * @param message the complete request; the lane takes ownership of the bytes
     * @param flow the flow on which the request would arrive
     * @param then receives the explanation, now or later, on the lane's thread
     * @throws SettingException if the message is not a SIP request
     */
    public void explain(byte[] message, Flow flow, Consumer<Explanation> then, long nowMs) {
        clock.set(nowMs);
        explainer.explain(SipParser.parse(message, 0, message.length), flow, then);
    }

    private int ownerOf(SipRequest request) {
        int lanes = setup.lanes();
        return lanes == 1 ? setup.lane() : MessageLanes.laneOf(request, lanes);
    }

    /** Receives the answer of a set actor. */
    public void selected(SetActor.Selected selected, long nowMs) {
        clock.set(nowMs);
        selected.context().selected(selected.candidates());
    }

    /** Runs a continuation on this lane's thread, for example after a name has been resolved. */
    public void resume(Runnable continuation, long nowMs) {
        clock.set(nowMs);
        continuation.run();
    }

    /**
     * No response can arrive from this address any more: ends all transactions that wait for one; see {@link
     * SendFailure}.
     *
     * @param affected selects among the hops with this socket and address, which may have several connections
     * @param detail more about the failure; empty for nothing
     */
    public void transportError(NextHop hop, Predicate<NextHop> affected, SendFailure why, String detail, long nowMs) {
        clock.set(nowMs);
        stateful.transportError(hop, affected, why);
        pings.transportError(hop, affected, why, detail);
    }

    /**
     * A complete message that {@link LaneTransport#send} accepted could not be sent.
     *
     * @param detail more about the failure; empty for nothing
     */
    public void notSent(byte[] message, InetSocketAddress remote, SendFailure why, String detail, long nowMs) {
        clock.set(nowMs);
        failures.add(why, remote, message.length);
        large.refused(remote);
        if (!(SipParser.parseOwn(message) instanceof SipRequest request)) {
            return;
        }
        Branch branch = Branch.of(request.topVia());
        if (branch == null) {
            return;
        }
        StatefulRequest known = stateful.find(branch.transaction());
        if (branch.attempt() == LanePings.ATTEMPT) {
            pings.notSent(branch.transaction(), why, detail);
        } else if (known == null) {
            responses.notSent(request, branch, why);
        } else if (known.isFor(request) && !request.isMethod("ACK")) {
            known.notSent(branch.attempt(), why);
        }
    }

    /**
     * Sends a ping. {@code then} receives the result once, on this thread.
     *
     * @param orderedPauses the number of detected pauses of this process when the ping was ordered
     */
    public void ping(Ping ping, long orderedPauses, Consumer<PingResult> then, long nowMs) {
        clock.set(nowMs);
        pings.send(ping, orderedPauses, then);
    }

    /** Clears the cached hops. Call this when the sockets of other nodes have become known. */
    public void clearHops() {
        resolver.clearCache();
    }

    /** Decides which new requests the lane takes; the transport tells it how long messages wait. */
    public AdmissionGate admission() {
        return admission;
    }

    /**
     * Advances the clock. Call this about every {@link TimerWheel#TICK_MS} milliseconds unless {@link #isIdleFor}.
     *
     * @param readMs all messages that arrived before this time have been {@link #received}: no timer fires that is due
     *     later, since the response that it waits for may have arrived already
     */
    public void tick(long nowMs, long readMs) {
        clock.set(nowMs);
        timers.advance(readMs);
        peers.flush();
        sticky.tick();
        addresses.tick(nowMs);
        requests.tick();
    }

    /** Whether {@link #tick} has nothing to do for so many ticks (8 at most), unless messages or tasks arrive. */
    public boolean isIdleFor(int ticks) {
        boolean isTold = peers.isFlushed() && sticky.isFlushed();
        return isTold && timers.isIdleFor(ticks) && addresses.isResolved() && requests.isIdle();
    }

    /** The cluster has confirmed this lane's views as they were after this number of pauses of the process. */
    public void viewsConfirmed(long pauses, long nowMs) {
        clock.set(nowMs);
        views.confirm(pauses);
        requests.viewsConfirmed();
    }

    /**
     * {@code whether}: whether there are other nodes to tell about this lane's calls. Call this again when a node has
     * joined.
     */
    public void shareCalls(boolean whether) {
        peers.setEnabled(whether);
        sticky.setPeers(whether);
    }

    /** Receives a batch of another node's calls, or of sticky keys of another lane or node. */
    public void receivePeerCalls(byte[] calls, long nowMs) {
        clock.set(nowMs);
        if (StickyRecord.isBatch(calls)) {
            sticky.receive(calls);
        } else {
            peers.receive(calls);
        }
    }

    /** The BYE of a call, by its key, has passed another node. */
    public void endedElsewhere(long key, long nowMs) {
        clock.set(nowMs);
        calls.endedElsewhere(key);
    }

    /** Sets what to do with new requests. Existing transactions and dialogs continue. A stop of the node is final. */
    public void setNewRequests(NewRequests treatment) {
        requests.setNewRequests(treatment);
    }

    /** The number of stateful transactions in memory. */
    public int transactions() {
        return stateful.size();
    }

    private void response(SipResponse response, Flow flow) {
        Branch branch = Branch.of(response.topVia());
        if (branch == null) {
            counters.add(LaneCounter.FOREIGN_RESPONSES);
        } else if (branch.lane() != setup.lane() && branch.lane() < setup.lanes()) {
            transport.handOver(
                    branch.lane(), response.bytes(), response.start(), response.end() - response.start(), flow);
        } else if (branch.attempt() == LanePings.ATTEMPT) {
            pings.received(response, branch);
        } else {
            counters.add(LaneCounter.RESPONSES);
            responses.received(response, branch);
        }
    }
}
