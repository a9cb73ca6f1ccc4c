package org.sipdispatch.proxy;

import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.proxy.FlowTokens.FlowToken;
import org.sipdispatch.proxy.RelaySettings.UnknownDialog;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.RelayPolicy.Mode;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.routing.Rules;
import org.sipdispatch.sip.Methods;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.NextHop;

/**
 * Decides what to do with a request that belongs to no transaction: refuse it, let it follow its dialog, answer it as
 * this proxy, or dispatch it by the rules (RFC 3261 sections 16.3 to 16.6). A {@link RoutingOutcome} executes the
 * decision.
 */
final class RequestRouter {
    /** The response to OPTIONS for this proxy. */
    static final LocalReply OPTIONS_OK = new LocalReply(200, "OK");

    private static final LocalReply TOO_MANY = new LocalReply(503, "Too Many Transactions");
    private static final String RETRY_AFTER = "Retry-After: 10\r\n";

    private static final Rejection LIMIT_REACHED =
            new Rejection(TOO_MANY, LaneCounter.REFUSED, RETRY_AFTER, "the limit on transactions is reached");
    private static final Rejection SHARE_TAKEN = new Rejection(
            TOO_MANY, LaneCounter.REFUSED, RETRY_AFTER, "its source address has reached its share of the transactions");

    private static final Rejection BAD_ROUTE = new Rejection(400, "Bad Route", null, "a Route is malformed");
    private static final Rejection PRELOADED =
            new Rejection(403, "Preloaded Route Denied", null, "it has a Route, and relay.preloaded-route is deny");
    private static final Rejection UNKNOWN_DIALOG = new Rejection(
            481,
            "Call/Transaction Does Not Exist",
            LaneCounter.UNKNOWN_DIALOGS,
            "it has a To tag but no valid route token of this node, and its dialog is unknown");
    private static final Rejection LEADS_BACK = new Rejection(
            481,
            "Call/Transaction Does Not Exist",
            LaneCounter.UNKNOWN_DIALOGS,
            "it has no valid route token of this node, and its Route or Request-URI leads back to its sender");
    private static final LocalReply NO_TRANSACTION = new LocalReply(481, "Transaction Does Not Exist");

    private final RelaySettings settings;
    private final ListenSockets sockets;
    private final RequestPreprocessor reader;
    private final NextHopResolver resolver;
    private final DestinationAddresses addresses;
    private final DialogTargetCheck targets;
    private final Rules rules;
    private final DialogAffinity dialogs;
    private NewRequests newRequests;

    RequestRouter(
            LaneSetup setup,
            RequestPreprocessor reader,
            NextHopResolver resolver,
            DestinationAddresses addresses,
            DialogTargetCheck targets,
            DialogAffinity dialogs) {
        settings = setup.settings();
        sockets = setup.sockets();
        this.reader = reader;
        this.resolver = resolver;
        this.addresses = addresses;
        this.targets = targets;
        this.dialogs = dialogs;
        rules = setup.routing().rules();
        newRequests = setup.newRequests();
    }

    /** Sets what to do with new requests. A stop of the node is final. */
    void setNewRequests(NewRequests treatment) {
        if (newRequests != NewRequests.REFUSED_AT_STOP) {
            newRequests = treatment;
        }
    }

    /** The rejection of a request that would exceed this limit with its transaction. */
    static Rejection limitRejection(Limit limit) {
        return limit == Limit.TRANSACTION_SHARE ? SHARE_TAKEN : LIMIT_REACHED;
    }

    void decide(SipRequest request, Flow flow, long key, RoutingOutcome outcome) {
        long loop = reader.keys().loopHash(request);
        Rejection refusal = RequestChecks.refusal(request, loop, sockets);
        if (refusal != null) {
            outcome.refused(request, flow, key, refusal);
            return;
        }
        IncomingRequest arrival = reader.read(request, flow, key, loop);
        if (arrival == null) {
            outcome.refused(request, flow, key, BAD_ROUTE);
        } else {
            route(arrival, outcome);
        }
    }

    private void route(IncomingRequest arrival, RoutingOutcome outcome) {
        SipRequest request = arrival.request();
        RouteSet route = arrival.route();
        if (arrival.toClient() != null) {
            followToClient(arrival, outcome);
        } else if (route.hasRouteToken() && (request.hasToTag() || request.isMethod("CANCEL"))) {
            follow(arrival, outcome);
        } else if (request.hasToTag() && !RequestChecks.isForThisProxy(request, sockets)) {
            routeWithoutSeal(arrival, outcome);
        } else if (route.remaining() > 0 && !dispatchesPreloaded(arrival, outcome)) {
            return;
        } else if (RequestChecks.isForThisProxy(request, sockets)) {
            Rejection rejection = newRequests.ofOptions();
            if (rejection == null) {
                outcome.isForThisProxy(arrival);
            } else {
                refuse(arrival, rejection, outcome);
            }
        } else {
            dispatch(arrival, outcome);
        }
    }

    /** A request along our Path (RFC 3327): like those of dialogs, it follows no rule. */
    private void followToClient(IncomingRequest arrival, RoutingOutcome outcome) {
        Rejection rejection = isNew(arrival.request()) ? newRequests.alongPath() : null;
        if (rejection == null) {
            follow(arrival, outcome);
        } else {
            refuse(arrival, rejection, outcome);
        }
    }

    /**
     * Routes a request of a dialog without a valid route token: the user agent ignores Record-Route, or the route token has expired.
     */
    private void routeWithoutSeal(IncomingRequest arrival, RoutingOutcome outcome) {
        SipRequest request = arrival.request();
        NextHop taken = dialogs.of(request, request.from());
        boolean ofTaker = isOfTaker(arrival, taken);
        boolean isUnknown = taken == null && !ofTaker;
        boolean ofDestination =
                isUnknown && settings.unknownDialog() == UnknownDialog.ROUTE && involvesDestination(arrival);
        if (ofTaker || ofDestination) {
            // The Route, or the remote target in the Request-URI, leads to the other party: RFC 3261 section 12.2.1.1.
            if (sockets.own(arrival.route().nextUri(request)) == null) {
                follow(arrival, outcome);
            } else {
                refuse(arrival, UNKNOWN_DIALOG, outcome);
            }
        } else if (arrival.route().remaining() > 0 && !dispatchesPreloaded(arrival, outcome)) {
            return;
        } else if (taken != null) {
            outcome.followsDialog(arrival, taken);
        } else if (settings.unknownDialog() == UnknownDialog.DISPATCH) {
            dispatch(arrival, outcome);
        } else {
            refuse(arrival, UNKNOWN_DIALOG, outcome);
        }
    }

    /**
     * Whether the request comes from the party that took the call, according to the tags. A gateway may send it from
     * another address than the one that took the call.
     *
     * @param taken the hop that is remembered for the From tag; null if none is
     */
    private boolean isOfTaker(IncomingRequest arrival, NextHop taken) {
        boolean isToCaller = dialogs.of(arrival.request(), arrival.request().to()) != null;
        if (taken == null) {
            return isToCaller;
        }
        // If both parties have the same tag, only the address tells them apart. Otherwise the caller sent the request,
        // and it does not go back to a hop that has just forwarded it.
        return isToCaller
                ? arrival.cameFrom(taken.remote())
                : arrival.flow().source().equals(taken.remote());
    }

    /** Whether the request comes from a destination or goes to one. */
    private boolean involvesDestination(IncomingRequest arrival) {
        return addresses.has(arrival.flow().source().getAddress())
                || addresses.has(arrival.route().nextUri(arrival.request()));
    }

    /** OPTIONS for this proxy passes the check with Max-Forwards 0, but must not be forwarded. */
    private static void follow(IncomingRequest arrival, RoutingOutcome outcome) {
        if (arrival.request().maxForwards() == 0) {
            refuse(arrival, RequestChecks.TOO_MANY_HOPS, outcome);
        } else {
            outcome.followsRoute(arrival);
        }
    }

    private boolean dispatchesPreloaded(IncomingRequest arrival, RoutingOutcome outcome) {
        switch (settings.preloadedRoute()) {
            case DENY -> refuse(arrival, PRELOADED, outcome);
            case FOLLOW -> follow(arrival, outcome);
            case DISPATCH -> {
                return true;
            }
        }
        return false;
    }

    private static void refuse(IncomingRequest arrival, Rejection refusal, RoutingOutcome outcome) {
        outcome.refused(arrival.request(), arrival.flow(), arrival.key(), refusal);
    }

    private void dispatch(IncomingRequest arrival, RoutingOutcome outcome) {
        Rejection rejection = isNew(arrival.request()) ? newRequests.of(arrival) : null;
        if (rejection != null) {
            refuse(arrival, rejection, outcome);
            return;
        }
        RequestFacts facts = arrival.facts(addresses);
        Rule rule = rules.first(facts);
        if (rule == null || rule.reply() != null) {
            outcome.replied(arrival, rule, rule == null ? rules.noMatch() : rule.reply());
        } else if (rule.policy().mode() == Mode.REDIRECT && isAckOrCancel(arrival.request())) {
            outcome.replied(arrival, rule, NO_TRANSACTION);
        } else {
            outcome.dispatched(arrival, rule, rule.results(facts));
        }
    }

    /** The Allow header of a 405 to a request that the rules answer. */
    String allowHeader(IncomingRequest arrival) {
        return Methods.allowHeader(rules.allowedMethods(arrival.facts(addresses)));
    }

    private static boolean isNew(SipRequest request) {
        return !request.hasToTag() && !isAckOrCancel(request);
    }

    /** An ACK or CANCEL without a known transaction is forwarded statelessly (RFC 3261 section 16.10). */
    static boolean isAckOrCancel(SipRequest request) {
        return request.isMethod("ACK") || request.isMethod("CANCEL");
    }

    /** The relay mode of a request that a rule dispatches. */
    static Mode mode(Rule rule, SipRequest request) {
        return isAckOrCancel(request) ? Mode.STATELESS : rule.policy().mode();
    }

    /**
     * Finds the hop to the client whose flow the request follows, or resolves the request's Route or Request-URI to
     * hops; refuses the request if one of these is not allowed, or if all lead back to its sender.
     */
    void alongRoute(IncomingRequest arrival, RoutingOutcome outcome, Consumer<List<NextHop>> then) {
        FlowToken client = arrival.toClient();
        if (client != null) {
            then.accept(client.hop() == null ? NoNextHop.NO_SOCKET : List.of(client.hop()));
            return;
        }
        RouteSet route = arrival.route();
        ListenSocket cameTo = arrival.flow().socket();
        resolver.toUri(route.nextUri(arrival.request()), arrival.key(), route.socket(), cameTo, found -> {
            List<NextHop> hops = withoutSender(arrival, found);
            Rejection refusal = hops.isEmpty() && !found.isEmpty() ? LEADS_BACK : refusal(hops);
            if (refusal == null) {
                then.accept(hops);
            } else {
                refuse(arrival, refusal, outcome);
            }
        });
    }

    /**
     * A request of a dialog is for the other party. Only a valid route token shows that sender and target may be two
     * parties behind one address.
     */
    private static List<NextHop> withoutSender(IncomingRequest arrival, List<NextHop> hops) {
        boolean mayReturn =
                arrival.route().hasRouteToken() || !arrival.request().hasToTag();
        return mayReturn || hops.stream().noneMatch(hop -> arrival.leadsBackTo(hop.remote()))
                ? hops
                : hops.stream()
                        .filter(hop -> !arrival.leadsBackTo(hop.remote()))
                        .toList();
    }

    /** One disallowed address refuses the whole name, because a later request would be sent to that address. */
    private Rejection refusal(List<NextHop> hops) {
        for (NextHop hop : hops) {
            String why = targets.refusal(hop);
            if (why != null) {
                String target = hop.remote().getAddress().getHostAddress() + ":"
                        + hop.remote().getPort();
                return new Rejection(
                        403, "Target Not Allowed", LaneCounter.REFUSED_TARGETS, "its target is " + target + ", " + why);
            }
        }
        return null;
    }
}
