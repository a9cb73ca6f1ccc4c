package org.sipdispatch.relay;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.routing.RelayPolicy.Mode;
import org.sipdispatch.routing.Reply;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SelectTrace;
import org.sipdispatch.settings.BadSetting;
import org.sipdispatch.sip.SipRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries requests: one that belongs to a transaction goes there; with any other it does what {@link Course} decides.
 */
final class RequestRelay implements Fate {
    private static final Logger LOG = LoggerFactory.getLogger(RequestRelay.class);
    private static final long WARN_EVERY_MS = 1_000;
    private static final int MOST_SHOWN = 300;
    private static final Reply FAULT = new Reply(500, "Server Internal Error");

    private final Lane lane;
    private final Course course;
    private final Selector selector;
    private final StatelessRelay stateless;
    private final StatefulRelay stateful;
    private final TransactionLookup transactions;
    private final Explainer explainer;
    private final WaitingRequests waiting;
    private long warnAgainAtMs;

    RequestRelay(Lane lane) {
        this.lane = lane;
        selector = new Selector(lane.setup, lane.sets);
        Dialogs dialogs = new Dialogs(lane);
        course = new Course(lane, dialogs);
        stateless = new StatelessRelay(lane, dialogs);
        stateful = new StatefulRelay(lane, dialogs);
        waiting = new WaitingRequests(lane, this, this::received);
        transactions = new TransactionLookup(lane, stateful, stateless);
        explainer = new Explainer(lane, course, transactions, selector);
    }

    /** From now on nothing new is begun: those who ask are told to go elsewhere. */
    void close() {
        course.close();
    }

    /** The cluster has confirmed what this lane knows. */
    void confirmed() {
        waiting.goOn();
    }

    void tick() {
        waiting.tick();
    }

    StatefulRelay stateful() {
        return stateful;
    }

    Explainer explainer() {
        return explainer;
    }

    StatelessRelay stateless() {
        return stateless;
    }

    void received(SipRequest request, Flow flow) {
        long key = lane.keys.of(request);
        switch (transactions.of(request, key)) {
            case NONE -> course.decide(request, flow, key, this);
            case ACKNOWLEDGES -> stateful.find(key).server().acknowledged();
            case ANSWERED_HERE -> {}
            case CANCELS -> stateful.cancel(request, flow, key);
            case STATEFUL -> stateful.find(key).server().repeated(flow);
            case STATELESS -> stateless.again(request, flow, key);
        }
    }

    /** A fault of this program met the request; what was sent already goes on. */
    void failed(SipRequest request, Flow flow) {
        long key = lane.keys.of(request);
        ResponseContext context = stateful.find(key);
        if (context == null) {
            lane.answer(request, flow, key, FAULT.code(), FAULT.reason(), "");
        } else if (context.isFor(request)) {
            context.failed(FAULT);
        }
    }

    @Override
    public void refused(SipRequest request, Flow flow, long key, Refusal refusal) {
        if (refusal.counter() != null) {
            lane.counters.add(refusal.counter());
        }
        if (refusal.counter() == Counter.REFUSED_TARGETS) {
            warn(flow, "request of a dialog refused: " + refusal.why());
        }
        lane.answer(request, flow, key, refusal.reply().code(), refusal.reply().reason(), refusal.headers());
    }

    @Override
    public void isOwn(Arrival arrival) {
        answer(arrival, Course.OWN, "Accept: */*\r\n");
    }

    private void answer(Arrival arrival, Reply reply, String headers) {
        lane.answer(arrival.request(), arrival.flow(), arrival.key(), reply.code(), reply.reason(), headers);
    }

    @Override
    public void followsRoute(Arrival arrival) {
        course.alongRoute(arrival, this, hops -> inDialog(arrival, hops, true));
    }

    @Override
    public void staysInDialog(Arrival arrival, Hop taken) {
        inDialog(arrival, List.of(taken), false);
    }

    /**
     * Where TCP is on either side the request is carried with memory: what came by TCP is not repeated by its sender, so
     * where it leaves by UDP somebody has to; and a connection may be refused, or break, when nobody but this node can
     * tell the sender (RFC 3261 section 16.9).
     */
    private void inDialog(Arrival arrival, List<Hop> hops, boolean alongRoute) {
        if (!hops.isEmpty()) {
            passes(arrival);
        }
        boolean cameByTcp = arrival.flow().socket().protocol().isReliable();
        boolean leavesByTcp = !hops.isEmpty() && hops.get(0).socket().protocol().isReliable();
        if (hops.isEmpty() || Course.isLost(arrival.request()) || !cameByTcp && !leavesByTcp) {
            stateless.inDialog(arrival, hops, alongRoute);
            return;
        }
        if (leavesByTcp && stateful.reached(arrival) != null) {
            // A connection needs no repetitions, and gives back what it could not send.
            stateless.inDialog(arrival, hops, alongRoute);
        } else if (hasRoom(arrival)) {
            ResponseContext context = stateful.begin(arrival, null);
            beginTrying(context);
            context.follow(hops, alongRoute);
        }
    }

    /** A BYE that goes by ends its call. */
    private void passes(Arrival arrival) {
        if (arrival.request().isMethod("BYE") && arrival.request().hasToTag()) {
            lane.calls.ended(arrival.call());
        }
    }

    private static void beginTrying(ResponseContext context) {
        if (context.server().isInvite()) {
            context.trying();
        }
    }

    /** Whether there is room for its transaction; else it is refused. */
    private boolean hasRoom(Arrival arrival) {
        Limit reached = stateful.reached(arrival);
        if (reached != null) {
            stateful.refused(arrival, reached);
            refused(arrival.request(), arrival.flow(), arrival.key(), Course.noRoom(reached));
        }
        return reached == null;
    }

    @Override
    public void replied(Arrival arrival, Rule rule, Reply reply) {
        answer(arrival, reply, "");
    }

    @Override
    public void dispatched(Arrival arrival, Rule rule, RequestFacts facts) {
        if (lane.isStale()) {
            waiting.add(arrival.request(), arrival.flow());
        } else if (Course.mode(rule, arrival.request()) == Mode.STATELESS) {
            passes(arrival);
            stateless.begin(arrival);
            select(arrival, rule, facts, candidates -> stateless.dispatch(arrival, rule, candidates));
        } else {
            dispatchWithMemory(arrival, rule, facts);
        }
    }

    private void dispatchWithMemory(Arrival arrival, Rule rule, RequestFacts facts) {
        if (!hasRoom(arrival)) {
            return;
        }
        ResponseContext context = stateful.begin(arrival, rule);
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
            selector.select(
                    rule.plan(),
                    facts,
                    arrival.hasNextHop(),
                    SelectTrace.NONE,
                    candidates -> then.accept(OtherThanSender.of(arrival, candidates)));
        } catch (BadSetting e) {
            warn(arrival.flow(), e.getMessage());
            then.accept(List.of());
        }
    }

    /** At most once a second, since whoever can send requests could fill the log otherwise. */
    private void warn(Flow flow, String text) {
        if (lane.nowMs >= warnAgainAtMs) {
            warnAgainAtMs = lane.nowMs + WARN_EVERY_MS;
            InetSocketAddress source = flow.source();
            LOG.warn("from {}:{}: {}", source.getAddress().getHostAddress(), source.getPort(), shown(text));
        }
    }

    /** What a sender wrote is cut and cleaned before it reaches the log. */
    static String shown(String text) {
        String line = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
        return line.replaceAll("\\p{Cntrl}", "?");
    }
}
