package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.observation.ActiveCalls;
import org.sipdispatch.observation.Counter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.observation.ObservationBatcher;
import org.sipdispatch.observation.SendFailures;
import org.sipdispatch.sets.SetActor;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.ParseFailure;
import org.sipdispatch.sip.ParseResult;
import org.sipdispatch.sip.SipHash;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.TimerWheel;
import org.sipdispatch.transaction.TransactionContext;
import org.sipdispatch.transaction.TransactionTimers;

/**
 * One lane of traffic: every message that arrives goes through here, and so does every answer of a set actor and every
 * tick of the clock. A plain object on one thread; its ports lead to sockets and actors. The time of each event is an
 * argument, in milliseconds of a clock that never goes back.
 */
public final class RelayLane {
    private final LaneSetup setup;
    private final LaneTransport transport;
    private final TransactionKey keys;
    private final EventClock clock;
    private final TimerWheel timers;
    private final LaneCounters counters;
    private final SendFailures failures;
    private final NextHopResolver resolver;
    private final DestinationAddresses addresses;
    private final ViewFreshness views;
    private final OwnResponseWriter ownResponses;
    private final PeerTransactions peers;
    private final StatefulRelay stateful;
    private final RequestRelay requests;
    private final ResponseRelay responses;
    private final Pings pings;
    private final Explainer explainer;

    public RelayLane(LaneSetup setup, LanePorts ports, long nowMs) {
        this.setup = setup;
        RelaySettings settings = setup.settings();
        transport = ports.transport();
        counters = ports.counters();
        keys = new TransactionKey(SipHash.of(settings.secret()));
        clock = new EventClock(ports.micros(), nowMs);
        timers = new TimerWheel(nowMs);
        failures = new SendFailures(counters, clock);
        resolver = new NextHopResolver(setup.sockets(), ports.resolver());
        addresses = new DestinationAddresses(ports.sets(), ports.resolver());
        views = new ViewFreshness(ports.pauses());
        LimitReporter limits = new LimitReporter(counters.limits(), clock, setup.lane());
        peers = new PeerTransactions(setup, counters, clock, limits, ports.carried());
        Seals seals = new Seals(keys, ports.epochSeconds(), settings.callLongestMs());
        ForwardingServices services = services(ports, seals);
        ownResponses = services.responses();

        IncomingRequestReader reader = new IncomingRequestReader(keys, setup.sockets(), seals);
        DialogAffinity dialogs = new DialogAffinity(settings.dialogMemory(), clock, limits);
        ActiveCalls calls = activeCalls(settings, limits);
        stateful = new StatefulRelay(services, settings, keys, dialogs, calls, limits);
        StatelessRelay stateless =
                new StatelessRelay(services, reader, settings.statelessMemory(), dialogs, calls, limits);
        DialogTargets targets =
                new DialogTargets(setup.sockets(), addresses, ports.guarded(), settings.inDialogTargets());
        RequestRouter router = new RequestRouter(setup, reader, resolver, addresses, targets, dialogs);
        OtherThanSender others = new OtherThanSender(addresses);
        Selector selector = new Selector(setup, ports.sets());
        TransactionLookup lookup = new TransactionLookup(keys, stateful, stateless);
        requests = new RequestRelay(services, lookup, views, calls, router, selector, others);
        responses = new ResponseRelay(setup.sockets(), keys, services, stateful, stateless);
        pings = new Pings(setup, services.transactions(), keys, resolver, counters, failures);
        ExplainedSets explained = new ExplainedSets(setup, ports.sets());
        explainer = new Explainer(resolver, others, router, lookup, selector, explained);
    }

    private ForwardingServices services(LanePorts ports, Seals seals) {
        TransactionTimers intervals = setup.settings().timers();
        TransactionContext transactions = new TransactionContext(clock, timers, transport, intervals, failures::add);
        ReceivedParameterCache sources = new ReceivedParameterCache();
        return new ForwardingServices(
                setup.lane(),
                transactions,
                new ForwardedMessageWriter(keys, seals, sources),
                new OwnResponseWriter(transactions, counters, keys, sources),
                resolver,
                new CandidateFilter(ports.sets(), views),
                peers,
                new ObservationBatcher(clock, timers, counters.destinations(), ports.evidence()),
                counters,
                failures);
    }

    private ActiveCalls activeCalls(RelaySettings settings, LimitReporter limits) {
        return new ActiveCalls(
                clock,
                timers,
                limits,
                settings.callMemory(),
                settings.callLongestMs(),
                settings.timers().transactionMs());
    }

    /** One message arrived; the bytes are the lane's from now on. */
    public void received(byte[] bytes, int offset, int length, Flow flow, long nowMs) {
        clock.set(nowMs);
        ParseResult input = SipParser.parse(bytes, offset, length);
        if (input instanceof SipRequest request) {
            int owner = ownerOf(request);
            if (owner == setup.lane()) {
                counters.add(Counter.REQUESTS);
                requests.received(request, flow);
            } else if (!transport.handOver(owner, bytes, offset, length, flow)
                    && flow.connection() != Flow.NO_CONNECTION) {
                // Nobody repeats it: what is lost by UDP comes again.
                ownResponses.send(request, flow, keys.of(request), 503, "Overloaded", "Retry-After: 10\r\n");
            }
        } else if (input instanceof SipResponse response) {
            response(response, flow);
        } else if (input instanceof ParseFailure failure) {
            counters.add(Counter.PARSE_FAILURES);
            if (failure.code() > 0) {
                // Its key as ever, so that the ACK for the answer is known by its tag.
                long key = keys.of(failure.request());
                ownResponses.send(failure.request(), flow, key, failure.code(), failure.reason(), "");
            }
        }
    }

    /** A fault of this program kept a message from being carried: if it is a request, its sender is answered 500. */
    public void failed(byte[] bytes, int offset, int length, Flow flow, long nowMs) {
        clock.set(nowMs);
        if (SipParser.parse(bytes, offset, length) instanceof SipRequest request) {
            requests.failed(request, flow);
        }
    }

    /** Answers a request that the transport could not take in whole, as far as it can be read. */
    public void refuse(byte[] bytes, Flow flow, int code, String reason, long nowMs) {
        clock.set(nowMs);
        counters.add(Counter.PARSE_FAILURES);
        ParseResult input = SipParser.parse(bytes, 0, bytes.length);
        SipRequest request = input instanceof ParseFailure failure ? failure.request() : null;
        if (request != null) {
            ownResponses.send(request, flow, keys.of(request), code, reason, "");
        }
    }

    /**
     * Tells where a request would go if it came in now, and why. Nothing is sent, remembered or counted, and no round
     * robin moves.
     *
     * @param message all of the request; the bytes are the lane's from now on
     * @param flow how it would come
     * @param then is given the explanation, now or later
     * @throws SettingException if the message is no SIP request
     */
    public void explain(byte[] message, Flow flow, Consumer<Explanation> then, long nowMs) {
        clock.set(nowMs);
        explainer.explain(SipParser.parse(message, 0, message.length), flow, then);
    }

    /** The lane, of so many, that a message would be handled by; the first one for what is no request. */
    public static int laneOf(byte[] message, int lanes) {
        return SipParser.parse(message, 0, message.length) instanceof SipRequest request ? laneOf(request, lanes) : 0;
    }

    private int ownerOf(SipRequest request) {
        int lanes = setup.lanes();
        return lanes == 1 ? setup.lane() : laneOf(request, lanes);
    }

    /** The lane of the request's Call-ID, so that all of a dialog's requests meet the same cursors. */
    private static int laneOf(SipRequest request, int lanes) {
        int header = request.first(HeaderName.CALL_ID);
        int hash = 0;
        for (int i = request.valueStart(header); i < request.valueEnd(header); i++) {
            hash = hash * 31 + request.bytes()[i];
        }
        return Math.floorMod(hash ^ hash >>> 15, lanes);
    }

    /** A set actor has answered. */
    public void selected(SetActor.Selected selected, long nowMs) {
        clock.set(nowMs);
        selected.context().selected(selected.candidates());
    }

    /** A name was resolved, or anything else that was begun here has to go on here. */
    public void resume(Runnable continuation, long nowMs) {
        clock.set(nowMs);
        continuation.run();
    }

    /** Nothing will come from there any more for those that wait for an answer: see {@link SendFailure}. */
    public void lost(ListenSocket socket, InetSocketAddress remote, SendFailure why, long nowMs) {
        clock.set(nowMs);
        NextHop hop = new NextHop(socket, remote);
        stateful.lost(hop, why);
        pings.lost(hop, why);
    }

    /** A whole message that {@link LaneTransport#send} took could not be sent after all. */
    public void notSent(byte[] message, InetSocketAddress remote, SendFailure why, long nowMs) {
        clock.set(nowMs);
        failures.add(why, remote, message.length);
        // An ACK is never answered, nor is a response.
        if (!(SipParser.parseOwn(message) instanceof SipRequest request) || request.isMethod("ACK")) {
            return;
        }
        Branch branch = Branch.of(request.topVia());
        if (branch == null) {
            return;
        }
        ResponseContext context = stateful.find(branch.transaction());
        if (branch.attempt() == Pings.ATTEMPT) {
            pings.notSent(branch.transaction(), why);
        } else if (context == null) {
            responses.notSent(request, branch, why);
        } else if (context.isFor(request)) {
            context.notSent(branch.attempt(), why);
        }
    }

    /** Sends a ping; {@code then} is told once what became of it, on this thread. */
    public void ping(Ping ping, Consumer<PingResult> then, long nowMs) {
        clock.set(nowMs);
        pings.send(ping, then);
    }

    /** Other nodes' sockets became known, so that hops that were found before may be others now. */
    public void forgetHops() {
        resolver.forget();
    }

    /** Time went on; to be called every {@link TimerWheel#TICK_MS} milliseconds or so. */
    public void tick(long nowMs) {
        clock.set(nowMs);
        timers.advance(nowMs);
        peers.flush();
        addresses.tick(nowMs);
        requests.tick();
    }

    /** What this lane was told until now is what the cluster knows after so many pauses of this process. */
    public void confirmed(long pauses, long nowMs) {
        clock.set(nowMs);
        views.confirm(pauses);
        requests.confirmed();
    }

    /** Whether there are other nodes that are to be told of this lane's calls. */
    public void carryCalls(boolean whether) {
        peers.tell(whether);
    }

    /** Another node tells of its calls. */
    public void carry(byte[] calls, long nowMs) {
        clock.set(nowMs);
        peers.learn(calls);
    }

    /** The lane that another node's word of its calls is for, of so many; -1 for all. */
    public static int ownerOf(byte[] calls, int lanes) {
        return PeerTransaction.owner(calls, lanes);
    }

    /** From now on only what was begun is carried on; whoever begins something is told to go elsewhere. */
    public void refuseNewCalls() {
        requests.close();
    }

    /** How many transactions are remembered. */
    public int transactions() {
        return stateful.size();
    }

    private void response(SipResponse response, Flow flow) {
        Branch branch = Branch.of(response.topVia());
        if (branch == null) {
            counters.add(Counter.FOREIGN_RESPONSES);
        } else if (branch.lane() != setup.lane() && branch.lane() < setup.lanes()) {
            transport.handOver(
                    branch.lane(), response.bytes(), response.start(), response.end() - response.start(), flow);
        } else if (branch.attempt() == Pings.ATTEMPT) {
            pings.received(response, branch);
        } else {
            counters.add(Counter.RESPONSES);
            responses.received(response, branch);
        }
    }
}
