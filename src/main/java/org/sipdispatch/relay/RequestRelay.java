package org.sipdispatch.relay;

import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.routing.RelayPolicy.Mode;
import org.sipdispatch.routing.Reply;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Destination;
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

    private final Lane lane;
    private final Course course;
    private final Selector selector;
    private final StatelessRelay stateless;
    private final StatefulRelay stateful;
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
        explainer = new Explainer(lane, course, new Recollection(lane, stateful, stateless));
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
        if (request.isMethod("ACK")) {
            if (!absorbs(request, key) && !stateless.again(request, flow, key)) {
                course.decide(request, flow, key, this);
            }
        } else if (request.isMethod("CANCEL")) {
            if (!stateful.cancel(request, flow, key) && !stateless.again(request, flow, key)) {
                course.decide(request, flow, key, this);
            }
        } else {
            ResponseContext context = stateful.find(key);
            if (context != null && context.isFor(request)) {
                context.server().repeated();
            } else if (!stateless.again(request, flow, key)) {
                course.decide(request, flow, key, this);
            }
        }
    }

    /** Whether an ACK ends here: it is for an answer that this proxy gave or passed on itself. */
    private boolean absorbs(SipRequest request, long key) {
        ResponseContext context = stateful.find(key);
        if (Recollection.awaitsAck(context)) {
            context.server().acknowledged();
            return true;
        }
        return Recollection.bearsOurTag(request, lane.keys.replyTag(key));
    }

    @Override
    public void refused(SipRequest request, Flow flow, long key, Refusal refusal) {
        if (refusal.counter() != null) {
            lane.counters.add(refusal.counter());
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
        course.alongRoute(arrival, hops -> inDialog(arrival, hops, true));
    }

    @Override
    public void staysInDialog(Arrival arrival, Hop taken) {
        inDialog(arrival, List.of(taken), false);
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
                && !Course.isLost(arrival.request());
        if (!repeats) {
            stateless.inDialog(arrival, hops, alongRoute);
            return;
        }
        if (hasRoom(arrival)) {
            ResponseContext context = stateful.begin(arrival, null);
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
            selector.select(rule.plan(), facts, arrival.hasNextHop(), then);
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
    static String shown(String text) {
        String line = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
        return line.replaceAll("\\p{Cntrl}", "?");
    }
}
