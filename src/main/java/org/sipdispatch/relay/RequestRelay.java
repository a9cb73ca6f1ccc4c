package org.sipdispatch.relay;

import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.routing.RelayPolicy.Mode;
import org.sipdispatch.routing.Reply;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.routing.Rules;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.BadSetting;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.SipRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of a request: it belongs to a transaction, is refused or answered here, follows its dialog, or
 * is dispatched as the rules say (RFC 3261 sections 16.3 to 16.6).
 */
final class RequestRelay {
    private static final Logger LOG = LoggerFactory.getLogger(RequestRelay.class);
    private static final long WARN_EVERY_MS = 1_000;
    private static final int MOST_SHOWN = 300;

    private final Lane lane;
    private final Rules rules;
    private final Selector selector;
    private final Dialogs dialogs;
    private final StatelessRelay stateless;
    private final StatefulRelay stateful;
    private long warnAgainAtMs;
    private boolean closed;

    RequestRelay(Lane lane, SetDoor sets) {
        this.lane = lane;
        rules = lane.setup.routing().rules();
        selector = new Selector(lane.setup, sets);
        dialogs = new Dialogs(lane);
        stateless = new StatelessRelay(lane, dialogs);
        stateful = new StatefulRelay(lane, dialogs);
    }

    /** From now on nothing new is begun: those who ask are told to go elsewhere. */
    void close() {
        closed = true;
    }

    StatefulRelay stateful() {
        return stateful;
    }

    StatelessRelay stateless() {
        return stateless;
    }

    void received(SipRequest request, Flow flow) {
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
            if (closed) {
                refuseAsClosed(arrival);
            } else {
                lane.answer(request, arrival.flow(), arrival.key(), 200, "OK", "Accept: */*\r\n");
            }
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
        if (!hops.isEmpty()) {
            passes(arrival);
        }
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

    /** A BYE that goes by ends its call. */
    private void passes(Arrival arrival) {
        if (arrival.request().isMethod("BYE") && arrival.request().hasToTag()) {
            lane.calls.ended(arrival.seal());
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

    private void refuseAsClosed(Arrival arrival) {
        lane.counters.add(Counter.REFUSED);
        lane.answer(arrival.request(), arrival.flow(), arrival.key(), 503, "Shutting Down", "Retry-After: 5\r\n");
    }

    private void dispatch(Arrival arrival) {
        if (closed && !arrival.request().hasToTag() && !isLost(arrival.request())) {
            refuseAsClosed(arrival);
            return;
        }
        RequestFacts facts = arrival.facts();
        Rule rule = rules.first(facts);
        if (rule == null || rule.reply() != null) {
            Reply reply = rule == null ? rules.noMatch() : rule.reply();
            lane.answer(arrival.request(), arrival.flow(), arrival.key(), reply.code(), reply.reason(), "");
        } else if (rule.policy().mode() == Mode.REDIRECT && isLost(arrival.request())) {
            lane.answer(arrival.request(), arrival.flow(), arrival.key(), 481, "Transaction Does Not Exist", "");
        } else if (rule.policy().mode() == Mode.STATELESS || isLost(arrival.request())) {
            passes(arrival);
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
        passes(arrival);
        beginTrying(context);
        select(arrival, rule, facts, context::dispatch);
    }

    private void redirect(ResponseContext context, Arrival arrival, List<Destination> candidates) {
        if (candidates.isEmpty()) {
            context.dispatch(candidates);
        } else {
            context.redirect(candidates.get(0), Contacts.of(arrival.request().requestUri(), candidates));
        }
    }

    private void select(Arrival arrival, Rule rule, RequestFacts facts, Consumer<List<Destination>> then) {
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
