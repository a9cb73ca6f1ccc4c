package org.sipdispatch.relay;

import java.net.InetSocketAddress;
import java.util.List;
import org.sipdispatch.routing.RelayPolicy.Mode;
import org.sipdispatch.routing.Reply;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.routing.Rules;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetActor;
import org.sipdispatch.settings.BadSetting;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.ParseFailure;
import org.sipdispatch.sip.SipInput;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane of traffic: every message that arrives goes through here, and so does every answer of a set actor and every
 * tick of the clock. A plain object on one thread; its doors lead to sockets and actors. The time of each event is an
 * argument, in milliseconds of a clock that never goes back.
 */
public final class RelayLane {
    private static final Logger LOG = LoggerFactory.getLogger(RelayLane.class);
    private static final long WARN_EVERY_MS = 1_000;
    private static final int MOST_SHOWN = 300;

    private final Lane lane;
    private final Rules rules;
    private final Selector selector;
    private final Dialogs dialogs;
    private final StatelessRelay stateless;
    private final StatefulRelay stateful;
    private final ResponseRelay responses;
    private long warnAgainAtMs;

    public RelayLane(LaneSetup setup, LaneDoors doors, long nowMs) {
        lane = new Lane(setup, doors, nowMs);
        rules = setup.routing().rules();
        selector = new Selector(setup, doors.sets());
        dialogs = new Dialogs(lane);
        stateless = new StatelessRelay(lane, dialogs);
        stateful = new StatefulRelay(lane, dialogs);
        responses = new ResponseRelay(lane);
    }

    /** One message arrived; the bytes are the lane's from now on. */
    public void received(byte[] bytes, int offset, int length, Flow flow, long nowMs) {
        lane.nowMs = nowMs;
        SipInput input = SipParser.parse(bytes, offset, length);
        if (input instanceof SipRequest request) {
            int owner = ownerOf(request);
            if (owner == lane.setup.lane()) {
                lane.counters.add(Counter.REQUESTS);
                request(request, flow);
            } else {
                lane.wire.handOver(owner, bytes, offset, length, flow);
            }
        } else if (input instanceof SipResponse response) {
            response(response, flow);
        } else if (input instanceof ParseFailure failure) {
            lane.counters.add(Counter.PARSE_FAILURES);
            if (failure.code() > 0) {
                // Its key as ever, so that the ACK for the answer is known by its tag.
                long key = lane.keys.of(failure.request());
                lane.answer(failure.request(), flow, key, failure.code(), failure.reason(), "");
            }
        }
    }

    /** Answers a request that the transport could not take in whole, as far as it can be read. */
    public void refuse(byte[] bytes, Flow flow, int code, String reason, long nowMs) {
        lane.nowMs = nowMs;
        lane.counters.add(Counter.PARSE_FAILURES);
        SipInput input = SipParser.parse(bytes, 0, bytes.length);
        SipRequest request = input instanceof ParseFailure failure ? failure.request() : null;
        if (request != null) {
            lane.answer(request, flow, lane.keys.of(request), code, reason, "");
        }
    }

    /** The lane of the request's Call-ID, so that all of a dialog's requests meet the same cursors. */
    private int ownerOf(SipRequest request) {
        int lanes = lane.setup.lanes();
        if (lanes == 1) {
            return lane.setup.lane();
        }
        int header = request.first(HeaderName.CALL_ID);
        int hash = 0;
        for (int i = request.valueStart(header); i < request.valueEnd(header); i++) {
            hash = hash * 31 + request.bytes()[i];
        }
        return Math.floorMod(hash ^ hash >>> 15, lanes);
    }

    /** A set actor has answered. */
    public void selected(SetActor.Selected selected, long nowMs) {
        lane.nowMs = nowMs;
        ((Selector.Slot) selected.context()).answer(selected.candidates());
    }

    /** A name was resolved, or anything else that was begun here has to go on here. */
    public void resume(Runnable continuation, long nowMs) {
        lane.nowMs = nowMs;
        continuation.run();
    }

    /** Word came that nobody listens there, or that no connection can be made. */
    public void unreachable(ListenSocket socket, InetSocketAddress remote, long nowMs) {
        lane.nowMs = nowMs;
        stateful.unreachable(new Hop(socket, remote));
    }

    /** Time went on; to be called every {@link TimerWheel#TICK_MS} milliseconds or so. */
    public void tick(long nowMs) {
        lane.nowMs = nowMs;
        lane.timers.advance(nowMs);
    }

    /** How many transactions are remembered. */
    public int transactions() {
        return stateful.size();
    }

    private void response(SipResponse response, Flow flow) {
        Branch branch = Branch.of(response.topVia());
        if (branch == null) {
            lane.counters.add(Counter.FOREIGN_RESPONSES);
        } else if (branch.lane() != lane.setup.lane() && branch.lane() < lane.setup.lanes()) {
            lane.wire.handOver(
                    branch.lane(), response.bytes(), response.start(), response.end() - response.start(), flow);
        } else {
            lane.counters.add(Counter.RESPONSES);
            ResponseContext context = stateful.find(branch.transaction());
            if (context == null) {
                responses.forward(response, branch);
            } else if (Outgoing.below(response) == null && !response.cseqMethodIs("CANCEL")) {
                // Meant for this proxy, which asked nothing but CANCEL itself (RFC 3261 section 16.7 step 3).
                lane.counters.add(Counter.FOREIGN_RESPONSES);
            } else {
                context.received(response, branch.attempt());
            }
        }
    }

    private void request(SipRequest request, Flow flow) {
        long key = lane.keys.of(request);
        if (request.isMethod("ACK")) {
            if (!absorbs(request, key) && !stateless.again(request, flow, key)) {
                begin(request, flow, key);
            }
        } else if (request.isMethod("CANCEL")) {
            if (!stateful.cancel(request, flow, key) && !stateless.again(request, flow, key)) {
                begin(request, flow, key);
            }
        } else {
            ResponseContext context = stateful.find(key);
            if (context != null && context.isFor(request)) {
                context.server().repeated();
            } else if (!stateless.again(request, flow, key)) {
                begin(request, flow, key);
            }
        }
    }

    /** Whether an ACK ends here: it is for an answer that this proxy gave or passed on itself. */
    private boolean absorbs(SipRequest request, long key) {
        ResponseContext context = stateful.find(key);
        if (context != null && context.server().state() != ServerTransaction.State.ACCEPTED) {
            context.server().acknowledged();
            return true;
        }
        long tag = request.to().tag();
        return tag != Parameters.ABSENT
                && SealText.is(request.bytes(), Parameters.start(tag), Parameters.end(tag), lane.keys.replyTag(key));
    }

    private void begin(SipRequest request, Flow flow, long key) {
        long loop = lane.keys.loop(request);
        Reply refusal = RequestChecks.refusal(request, loop, lane.sockets);
        if (refusal != null) {
            lane.counters.add(refusal == RequestChecks.LOOP ? Counter.LOOPS : Counter.REFUSED);
            String extra = refusal == RequestChecks.EXTENSION ? RequestChecks.unsupported(request) : "";
            lane.answer(request, flow, key, refusal.code(), refusal.reason(), extra);
            return;
        }
        DialogRoute route = DialogRoute.of(request, lane);
        if (route == null) {
            lane.answer(request, flow, key, 400, "Bad Route", "");
        } else {
            route(new Arrival(lane, request, flow, key, loop, route));
        }
    }

    private void route(Arrival arrival) {
        SipRequest request = arrival.request();
        DialogRoute route = arrival.route();
        if (route.sealed() && (request.hasToTag() || request.isMethod("CANCEL"))) {
            follow(arrival);
        } else if (route.remaining() > 0 && !dispatchesPreloaded(arrival)) {
            return;
        } else if (RequestChecks.isForThisProxy(request, lane.sockets)) {
            lane.answer(request, arrival.flow(), arrival.key(), 200, "OK", "Accept: */*\r\n");
        } else {
            Hop taken = dialogs.of(arrival);
            if (taken == null) {
                dispatch(arrival);
            } else {
                inDialog(arrival, List.of(taken), false);
            }
        }
    }

    private void follow(Arrival arrival) {
        DialogRoute route = arrival.route();
        ListenSocket preferred = route.socket() == null ? arrival.flow().socket() : route.socket();
        lane.hops.toUri(route.nextUri(arrival.request()), preferred, hops -> inDialog(arrival, hops, true));
    }

    /**
     * What came by TCP is not repeated by its sender, so where it leaves by UDP somebody has to: then it is carried
     * with memory.
     */
    private void inDialog(Arrival arrival, List<Hop> hops, boolean alongRoute) {
        boolean repeats = !hops.isEmpty()
                && arrival.flow().socket().protocol().isReliable()
                && !hops.get(0).socket().protocol().isReliable()
                && !isLost(arrival.request());
        if (!repeats) {
            stateless.inDialog(arrival, hops, alongRoute);
            return;
        }
        ResponseContext context = stateful.begin(arrival, null);
        if (context == null) {
            refuseForRoom(arrival);
        } else {
            beginTrying(context);
            context.follow(hops, alongRoute);
        }
    }

    private static void beginTrying(ResponseContext context) {
        if (context.server().isInvite()) {
            context.trying();
        }
    }

    private void refuseForRoom(Arrival arrival) {
        lane.counters.add(Counter.REFUSED);
        lane.answer(
                arrival.request(), arrival.flow(), arrival.key(), 503, "Too Many Transactions", "Retry-After: 10\r\n");
    }

    private boolean dispatchesPreloaded(Arrival arrival) {
        switch (lane.settings.preloadedRoute()) {
            case DENY ->
                lane.answer(arrival.request(), arrival.flow(), arrival.key(), 403, "Preloaded Route Denied", "");
            case FOLLOW -> follow(arrival);
            case DISPATCH -> {
                return true;
            }
        }
        return false;
    }

    private void dispatch(Arrival arrival) {
        RequestFacts facts = arrival.facts();
        Rule rule = rules.first(facts);
        if (rule == null || rule.reply() != null) {
            Reply reply = rule == null ? rules.noMatch() : rule.reply();
            lane.answer(arrival.request(), arrival.flow(), arrival.key(), reply.code(), reply.reason(), "");
        } else if (rule.policy().mode() == Mode.REDIRECT && isLost(arrival.request())) {
            lane.answer(arrival.request(), arrival.flow(), arrival.key(), 481, "Transaction Does Not Exist", "");
        } else if (rule.policy().mode() == Mode.STATELESS || isLost(arrival.request())) {
            stateless.begin(arrival);
            select(arrival, rule, facts, candidates -> stateless.dispatch(arrival, rule, candidates));
        } else {
            dispatchWithMemory(arrival, rule, facts);
        }
    }

    /** An ACK or CANCEL whose transaction is not known is forwarded without one (RFC 3261 section 16.10). */
    private static boolean isLost(SipRequest request) {
        return request.isMethod("ACK") || request.isMethod("CANCEL");
    }

    private void dispatchWithMemory(Arrival arrival, Rule rule, RequestFacts facts) {
        ResponseContext context = stateful.begin(arrival, rule);
        if (context == null) {
            refuseForRoom(arrival);
            return;
        }
        if (rule.policy().mode() == Mode.REDIRECT) {
            select(arrival, rule, facts, candidates -> redirect(context, arrival, candidates));
            return;
        }
        beginTrying(context);
        select(arrival, rule, facts, context::dispatch);
    }

    private void redirect(ResponseContext context, Arrival arrival, List<Destination> candidates) {
        if (candidates.isEmpty()) {
            context.dispatch(candidates);
        } else {
            context.redirect(Contacts.of(arrival.request().requestUri(), candidates));
        }
    }

    private void select(
            Arrival arrival, Rule rule, RequestFacts facts, java.util.function.Consumer<List<Destination>> then) {
        try {
            selector.select(rule.plan(), facts, arrival.route().remaining() > 0, then);
        } catch (BadSetting e) {
            warn(arrival, rule, e);
            then.accept(List.of());
        }
    }

    /** At most once a second, since whoever can send requests could fill the log otherwise. */
    private void warn(Arrival arrival, Rule rule, BadSetting trouble) {
        if (lane.nowMs >= warnAgainAtMs) {
            warnAgainAtMs = lane.nowMs + WARN_EVERY_MS;
            LOG.warn("{} from {}: {}", rule.path(), arrival.flow().source(), shown(trouble.getMessage()));
        }
    }

    /** What a sender wrote is cut and cleaned before it reaches the log. */
    private static String shown(String text) {
        String line = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
        return line.replaceAll("\\p{Cntrl}", "?");
    }
}
