package org.sipdispatch.proxy;

import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LogText;
import org.sipdispatch.proxy.Explanation.OfSet;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.RelayPolicy.Mode;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.RecordingTrace;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.ParseFailure;
import org.sipdispatch.sip.ParseResult;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;

/**
 * Explains how a request would be routed: the decision of {@link RequestRouter} and the destinations that the sets
 * would select. Nothing is sent.
 */
final class Explainer {
    private static final String RETRANSMISSION_PREFIX =
            "an identical request is a retransmission of one that this node remembers, and takes the same"
                    + " path; a new request: ";

    private final TransactionKey keys;
    private final NextHopResolver resolver;
    private final SenderExclusion senderExclusion;
    private final RequestRouter router;
    private final TransactionLookup transactions;
    private final AffinitySelector selector;
    private final SetExplainer sets;
    private final CallAdmission admission;
    private final DestinationBackoff backoff;
    private final int maxBranches;

    /** {@code maxBranches}: to how many destinations a request goes at once, at most. */
    Explainer(
            int maxBranches,
            ForwardingServices services,
            SenderExclusion otherThanSender,
            RequestRouter router,
            TransactionLookup transactions,
            AffinitySelector selector,
            SetExplainer sets) {
        this.maxBranches = maxBranches;
        this.keys = transactions.keys();
        resolver = services.resolver();
        admission = services.admission();
        backoff = services.backoff();
        this.senderExclusion = otherThanSender;
        this.router = router;
        this.transactions = transactions;
        this.selector = selector;
        this.sets = sets;
    }

    /**
     * Explains a request; see {@link RelayLane#explain}.
     *
     * @throws SettingException if the input is not a request
     */
    void explain(ParseResult input, Flow flow, Consumer<Explanation> then) {
        if (input instanceof SipRequest request) {
            explain(request, flow, then);
        } else if (input instanceof ParseFailure failure && failure.code() > 0) {
            LocalReply reply = new LocalReply(failure.code(), failure.reason());
            then.accept(answered("it is malformed", null, null, reply));
        } else {
            String found = input instanceof ParseFailure failure ? failure.reason() : "a response";
            throw new SettingException(
                    "message", found, "a whole SIP request, with the empty line after its header fields");
        }
    }

    private void explain(SipRequest request, Flow flow, Consumer<Explanation> then) {
        long key = keys.of(request);
        switch (transactions.of(request, key)) {
            case NONE -> router.decide(request, flow, key, new ExplainingOutcome(then, ""));
            case ACKNOWLEDGES, ANSWERED_HERE ->
                then.accept(of("own", "it acknowledges a response of this node and is not forwarded"));
            case CANCELS ->
                then.accept(
                        of(
                                "follow",
                                "this node has the transaction of its INVITE: the CANCEL is answered with 200, and the INVITE is cancelled"));
            case STATEFUL -> router.decide(request, flow, key, new ExplainingOutcome(then, RETRANSMISSION_PREFIX));
            case STATELESS -> {
                if (RequestRouter.isAckOrCancel(request)) {
                    then.accept(of("follow", "it goes to the same next hop as its INVITE, or gets the same response"));
                } else {
                    router.decide(request, flow, key, new ExplainingOutcome(then, RETRANSMISSION_PREFIX));
                }
            }
        }
    }

    private static Explanation of(String outcome, String reason) {
        return new Explanation(outcome, reason, null, null, 0, null, List.of(), List.of());
    }

    private static Explanation answered(String reason, Rule rule, Mode mode, LocalReply reply) {
        return answered(reason, rule, mode, reply, List.of());
    }

    private static Explanation answered(String reason, Rule rule, Mode mode, LocalReply reply, List<OfSet> explained) {
        return new Explanation(
                "reply", reason, path(rule), text(mode), reply.code(), reply.reason(), explained, List.of());
    }

    private static String path(Rule rule) {
        return rule == null ? null : rule.path();
    }

    private static String text(Mode mode) {
        return mode == null ? null : mode.name().toLowerCase(Locale.ROOT);
    }

    private static String text(NextHop hop) {
        String host = hop.remote().getAddress().getHostAddress();
        return hop.socket().protocol().text() + ":" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":"
                + hop.remote().getPort() + " from socket " + hop.socket().name();
    }

    /** Explains the outcome of one request. {@code before} is prepended to each reason. */
    private final class ExplainingOutcome implements RoutingOutcome {
        private final Consumer<Explanation> then;
        private final String prefix;

        ExplainingOutcome(Consumer<Explanation> then, String before) {
            this.then = then;
            this.prefix = before;
        }

        private String fullReason(SipRequest request, String reason) {
            return prefix + reason + (request.isMethod("ACK") ? "; an ACK is never answered" : "");
        }

        @Override
        public void refused(SipRequest request, Flow flow, long key, Rejection refusal) {
            then.accept(answered(fullReason(request, refusal.why()), null, null, refusal.reply()));
        }

        @Override
        public void isForThisProxy(IncomingRequest arrival) {
            LocalReply reply = RequestRouter.OPTIONS_OK;
            then.accept(new Explanation(
                    "own",
                    prefix + "OPTIONS for this proxy itself",
                    null,
                    null,
                    reply.code(),
                    reply.reason(),
                    List.of(),
                    List.of()));
        }

        @Override
        public void followsRoute(IncomingRequest arrival) {
            RouteSet route = arrival.route();
            String by = arrival.toClient() != null
                    ? "the flow of a client in our Route, "
                    : route.remaining() > 0
                            ? "its Route, "
                            : route.own() > 0 ? "its Request-URI after our Route, " : "its Request-URI, ";
            String uri = LogText.cleaned(route.nextUri(arrival.request()).toString());
            router.alongRoute(arrival, this, hops -> {
                if (hops.isEmpty()) {
                    SendFailure why = NoNextHop.why(hops);
                    String reason = fullReason(arrival.request(), by + uri + ": " + why.description());
                    then.accept(answered(reason, null, null, FailureReplies.of(why)));
                } else {
                    then.accept(of("follow", prefix + by + uri + ": to " + text(hops.get(0))));
                }
            });
        }

        @Override
        public void followsDialog(IncomingRequest arrival, NextHop taken) {
            then.accept(of("follow", prefix + "its dialog is remembered: to " + text(taken)));
        }

        @Override
        public void replied(IncomingRequest arrival, Rule rule, LocalReply reply) {
            String reason = rule == null
                    ? "no rule matched"
                    : rule.reply() == null
                            ? "its INVITE is unknown, and the rule only redirects"
                            : "the rule has a reply";
            then.accept(answered(fullReason(arrival.request(), reason), rule, null, reply));
        }

        @Override
        public void dispatched(IncomingRequest arrival, Rule rule, RequestFacts facts) {
            Mode mode = RequestRouter.mode(rule, arrival.request());
            Limit reached = mode == Mode.STATELESS ? null : transactions.reached(arrival);
            if (reached != null) {
                refused(arrival.request(), arrival.flow(), arrival.key(), RequestRouter.limitRejection(reached));
                return;
            }
            Rejection ofSource = isLimited(arrival, mode)
                    ? admission.refusal(arrival.flow().source().getAddress())
                    : null;
            if (ofSource != null) {
                refused(arrival.request(), arrival.flow(), arrival.key(), ofSource);
                return;
            }
            RecordingTrace trace = new RecordingTrace();
            boolean nextHop = arrival.hasNextHop();
            try {
                AffinitySelector.BoundDestination first = selector.first(arrival.request(), rule, facts);
                selector.select(arrival, rule, facts, first, trace, candidates -> {
                    List<OfSet> explained = sets.of(rule.plan(), facts, nextHop, trace);
                    List<Destination> others = senderExclusion.withoutSender(arrival, candidates);
                    then(first).selected(arrival, rule, facts, explained, others);
                });
            } catch (SettingException e) {
                String reason = fullReason(arrival.request(), LogText.cleaned(e.getMessage()));
                then.accept(answered(reason, rule, mode, rule.unusable()));
            }
        }

        /**
         * The outcome; if a destination is the first candidate for a reason other than the algorithm, with that reason.
         */
        private ExplainingOutcome then(AffinitySelector.BoundDestination first) {
            return first == null ? this : new ExplainingOutcome(then, prefix + first.text());
        }

        private void selected(
                IncomingRequest arrival,
                Rule rule,
                RequestFacts facts,
                List<OfSet> explained,
                List<Destination> candidates) {
            Mode mode = RequestRouter.mode(rule, arrival.request());
            if (candidates.isEmpty()) {
                LocalReply refusal = backoff.explained(rule, arrival);
                String why = "no destination is usable" + (refusal == null ? "" : ", and some are in backoff");
                LocalReply reply = refusal == null ? rule.unusable() : refusal;
                then.accept(answered(fullReason(arrival.request(), why), rule, mode, reply, explained));
            } else if (mode == Mode.REDIRECT
                    && resolver.contacts(rule, candidates).isEmpty()) {
                LocalReply filtered = FailureReplies.of(SendFailure.BLACKLISTED);
                then.accept(answered(prefix + "all candidates are on a blacklist", rule, mode, filtered, explained));
            } else if (mode == Mode.REDIRECT) {
                LocalReply moved = RedirectContacts.MOVED;
                String reason = prefix + "the response has the candidates as Contacts";
                then.accept(new Explanation(
                        "dispatch",
                        reason,
                        path(rule),
                        text(mode),
                        moved.code(),
                        moved.reason(),
                        explained,
                        resolver.contacts(rule, candidates)));
            } else {
                dispatch(arrival, rule, facts, explained, candidates);
            }
        }

        private boolean isLimited(IncomingRequest arrival, Mode mode) {
            return mode == Mode.STATEFUL && arrival.beginsCall();
        }

        private void dispatch(
                IncomingRequest arrival,
                Rule rule,
                RequestFacts facts,
                List<OfSet> explained,
                List<Destination> candidates) {
            Mode mode = RequestRouter.mode(rule, arrival.request());
            PassedOver passed = new PassedOver();
            if (mode == Mode.STATEFUL && rule.plan().isParallel(facts)) {
                String beyond = "beyond relay.max-branches, " + maxBranches + " at most";
                candidates.stream().skip(maxBranches).forEach(one -> passed.add(one, beyond));
            }
            if (isLimited(arrival, mode)) {
                addAtLimits(passed.without(candidates), rule, passed);
            }
            Explanation dispatched = new Explanation(
                            "dispatch", "", path(rule), text(mode), 0, null, explained, candidates)
                    .without(passed);
            if (dispatched.candidates().isEmpty()) {
                String why = prefix + "each candidate is passed over: " + passed.differentReasons();
                then.accept(answered(why, rule, mode, admission.tooMany(), dispatched.sets()));
            } else {
                new ExplainingOutcome(then, prefix + passed.text()).find(arrival, rule, facts, dispatched);
            }
        }

        private void addAtLimits(List<Destination> candidates, Rule rule, PassedOver passed) {
            for (Destination one : candidates) {
                String reached = admission.reached(one, rule.plan().resources());
                if (reached != null) {
                    passed.add(one, reached);
                }
            }
        }

        private void find(IncomingRequest arrival, Rule rule, RequestFacts facts, Explanation dispatched) {
            Mode mode = RequestRouter.mode(rule, arrival.request());
            BiConsumer<NextHop, FirstReachable> found = (hop, way) -> {
                Explanation reachable = dispatched.without(way.passed());
                if (hop == null) {
                    String noWay = fullReason(
                            arrival.request(), "no socket of this node reaches an allowed address of any candidate");
                    then.accept(answered(noWay, rule, mode, way.reply(mode, rule.unusable()), reachable.sets()));
                } else {
                    boolean atOnce = mode == Mode.STATEFUL && rule.plan().isParallel(facts);
                    Destination first = reachable.candidates().get(0);
                    then.accept(sent(reachable, atOnce, hop, way.place())
                            .with(Explanation.Additions.of(rule, facts, first)));
                }
            };
            new FirstReachable(resolver, arrival.flow().socket(), dispatched.candidates(), rule.policy(), found).next();
        }

        private Explanation sent(Explanation dispatched, boolean atOnce, NextHop hop, int place) {
            String to = atOnce ? "at once to " + dispatched.candidates().size() + ", one of them " : "first to ";
            String skipped = place == 0
                    ? ""
                    : ", since no socket of this node reaches an allowed address of "
                            + (place == 1 ? "the candidate" : "the " + place + " candidates") + " before";
            return dispatched.because(prefix + to + text(hop) + skipped);
        }
    }
}
