package org.sipdispatch.proxy;

import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.limits.CallHold;
import org.sipdispatch.limits.CallLimits;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.observation.DestinationCounters.DestinationCounter;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.ObservationBatcher;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.RelayPolicy;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.TransactionUser;

/**
 * Iterates over the candidate destinations of one request and over the hops of each destination, one attempt at a time.
 * A request in parallel forking has one such sequence for each destination.
 */
final class FailoverSequence extends Trampoline {
    /** Sends the request. */
    interface HopTrier {
        /** Whether no further destination is to be tried. */
        boolean isOver();

        /** Whether memory admits another attempt. */
        boolean mayTryAgain();

        /** Tries a hop. Returns false if the request certainly cannot be sent to it. */
        boolean tryHop(FailoverSequence search, NextHop hop);

        /**
         * The destination has no address, no socket of this node can send to it, or it has asked for fewer requests.
         */
        void hasNoHop(FailoverSequence search, SendFailure why);

        /**
         * The sequence has ended: no candidate is left, or {@link #isOver} is true. Called once.
         *
         * @param why the response if the candidates that are left are not tried; null for that of the attempts
         */
        void ended(LocalReply why);
    }

    private static final int AWAITED = -1;
    private static final NodeLimits.TakenPlaces NO_LIMIT = new NodeLimits.TakenPlaces(null, null, null, false);

    private final ForwardingServices services;
    private final ListenSocket in;
    /** Whether a destination that is overloaded need not get the request. */
    private final boolean mayKeep;

    private final HopTrier listener;
    private final RelayPolicy policy;
    private final FailureAttribution attribution;
    private final List<String> blacklists;
    /** Whether the request is a call, which needs places in the limits of its destination. */
    private final boolean limited;
    /** The resources of its destination that it needs. */
    private final List<String> resources;

    private List<Destination> destinations = List.of();
    private int destination = -1;
    private List<NextHop> hops = List.of();
    private int hop;
    private ObservationBatcher.Tally tally;
    private boolean waits;
    /** The places in the limits of the destination that is being tried; null for none. */
    private CallHold places;
    /** The last attempt; null before the first one. */
    private Attempt current;

    private boolean ended;

    /** {@code rule}: the rule that selects destinations; null for a request of a dialog. */
    FailoverSequence(
            ForwardingServices services, IncomingRequest arrival, Rule rule, RelayPolicy policy, HopTrier listener) {
        this.policy = policy;
        attribution = new FailureAttribution(
                services.observations(), policy, arrival.request().hasToTag());
        blacklists = rule == null ? List.of() : rule.policy().blacklists();
        limited = rule != null && arrival.beginsCall();
        resources = rule == null ? List.of() : rule.plan().resources();
        this.services = services;
        in = arrival.flow().socket();
        mayKeep = services.overloaded().mayKeep(arrival.request());
        this.listener = listener;
    }

    /** Starts with the first of these destinations. */
    void begin(List<Destination> selected) {
        destinations = selected;
        firstHit(selected.get(0));
        next();
    }

    /** Starts with one of the destinations that get the request at once, if memory admits another attempt. */
    void branch(List<Destination> only) {
        if (listener.mayTryAgain()) {
            begin(only);
        } else {
            end(null);
        }
    }

    /** Counts a first hit: the destination is the request's first choice, regardless of the outcome. */
    void firstHit(Destination first) {
        tally = services.observations().of(first);
        services.observations().firstHit(tally.counters());
    }

    /** Starts with hops that belong to no destination. */
    void follow(List<NextHop> found) {
        resolved(found);
    }

    /** The destination that is being tried; null if the hops belong to no destination. */
    Destination current() {
        return destination < 0 ? null : destinations.get(destination);
    }

    /** The tally of the destination that is being tried; null if the hops belong to no destination. */
    ObservationBatcher.Tally tally() {
        Destination current = current();
        return current == null ? null : tally(current);
    }

    private ObservationBatcher.Tally tally(Destination of) {
        if (tally.destination() != of) {
            tally = services.observations().of(of);
        }
        return tally;
    }

    ForwardingServices services() {
        return services;
    }

    /** Whether the outcome counts as an observation of destinations. */
    boolean isObserved() {
        return attribution.isObserved();
    }

    /** The next attempt, at a hop of the current destination; sends nothing. See {@link Attempt}. */
    Attempt attempt(TransactionUser<Attempt> user, NextHop to, boolean invite, byte[] sent) {
        ObservationBatcher.Tally whole = tally();
        ObservationBatcher.Tally own = whole == null ? null : services.ofTarget(whole, to);
        current = new Attempt(this, user, to, invite, own, places, sent);
        return current;
    }

    /** Whether the attempt is the last one of this sequence. */
    boolean isCurrent(Attempt attempt) {
        return attempt == current;
    }

    /** Does this with the last attempt, if there is one. */
    void currentAttempt(Consumer<Attempt> what) {
        if (current != null) {
            what.accept(current);
        }
    }

    /** No message can be sent to the current destination. */
    void hasNoHop(SendFailure why) {
        attribution.hasNoHop(this, why);
    }

    /** The destination failed the request, unless the attempt was given up, or another address is left. */
    void attributeFailure(Attempt attempt, int code, boolean silent) {
        if (isCurrent(attempt)) {
            attribution.failed(attempt.tally(), code, silent, hasAnotherHop(code));
        }
    }

    /** This node could not send the request to the address. */
    void notTried(Attempt attempt) {
        if (isCurrent(attempt)) {
            attribution.notTried(attempt.tally(), hasMoreHops());
        }
    }

    /**
     * The attempt has failed: makes the next one, or ends. Does nothing if the attempt was given up.
     *
     * @param code the status code of the failure
     * @param stopped whether no further destination is to be tried
     */
    void failOver(Attempt attempt, int code, boolean stopped) {
        if (!isCurrent(attempt)) {
            return;
        }
        boolean sameDestination = hasAnotherHop(code);
        boolean hasNext = sameDestination || policy.failsOver(code) && hasMore();
        if (stopped || listener.isOver() || !hasNext || !listener.mayTryAgain()) {
            end(null);
            return;
        }
        services.counters().add(LaneCounter.FAILOVERS);
        if (sameDestination) {
            nextHop();
        } else {
            next();
        }
    }

    private void end(LocalReply why) {
        if (!ended) {
            ended = true;
            leavePlaces();
            listener.ended(why);
        }
    }

    /** The request tries no other destination any more. */
    void leavePlaces() {
        if (places != null) {
            places.done();
            places = null;
        }
    }

    private boolean hasMoreHops() {
        return hop + 1 < hops.size();
    }

    /** Whether a failure with this code leads to another address of the same destination. */
    boolean hasAnotherHop(int code) {
        return (code == 503 || code == 408) && hasMoreHops();
    }

    /** Whether another hop or candidate is left. The candidate may have become unusable. */
    boolean mayHaveMore() {
        return hasMoreHops() || destination + 1 < destinations.size();
    }

    private boolean hasMore() {
        return hasMoreHops()
                || isHeldUp()
                || services.filter().nextUsable(destinations, destination) < destinations.size();
    }

    /**
     * Whether the next candidate may have become unusable during a pause of this process. The first one is tried in any
     * case.
     */
    private boolean isHeldUp() {
        return destination >= 0
                && destination + 1 < destinations.size()
                && services.waiting().isNeeded();
    }

    /** The failover waits as new requests do. */
    private void waitForViews() {
        if (!waits) {
            waits = true;
            services.waiting().add(this::continueAfterPause, () -> end(WaitingRequests.REJOINING));
        }
    }

    /** This process may have been paused meanwhile. */
    private void placeMayBeFree() {
        if (services.waiting().isNeeded() && !listener.isOver()) {
            waitForViews();
        } else {
            next();
        }
    }

    private void continueAfterPause() {
        waits = false;
        next();
    }

    @Override
    void step() {
        leavePlaces();
        if (isHeldUp() && !listener.isOver()) {
            waitForViews();
            return;
        }
        int following = listener.isOver() ? destinations.size() : nextAdmitted();
        if (following == AWAITED) {
            return;
        }
        if (following >= destinations.size()) {
            boolean allFull = limited && destination < 0 && !listener.isOver();
            end(allFull ? services.admission().tooMany() : null);
        } else {
            if (destination >= 0) {
                tally().counters().add(DestinationCounter.FAILOVERS);
            }
            destination = following;
            services.resolver().toDestination(destinations.get(destination), in, blacklists, this::resolved);
        }
    }

    /** The next usable candidate that has not reached a limit; {@link #AWAITED} if the call waits for a place there. */
    private int nextAdmitted() {
        int following = services.filter().nextUsable(destinations, destination);
        while (limited && following < destinations.size()) {
            List<CallLimits> limits = limits(destinations.get(following));
            if (limits != null) {
                NodeLimits.TakenPlaces taken =
                        limits.isEmpty() ? NO_LIMIT : services.admission().take(limits);
                places = taken.hold();
                if (taken.full() == null) {
                    return following;
                } else if (taken.mayWait()) {
                    services.admission().await(taken, this::placeMayBeFree);
                    return AWAITED;
                }
            }
            following = services.filter().nextUsable(destinations, following);
        }
        return following;
    }

    /** The limits of a call to this destination; null if it lacks a resource that the rule asks for. */
    private List<CallLimits> limits(Destination next) {
        CallLimits own = tally(next).limits();
        if (resources.isEmpty()) {
            return own == null ? List.of() : List.of(own);
        }
        return services.admission().ofDestination(next, own, resources);
    }

    private void resolved(List<NextHop> found) {
        hops = found;
        hop = -1;
        if (found.isEmpty() && !listener.isOver()) {
            listener.hasNoHop(this, NoNextHop.why(found));
        }
        nextHop();
    }

    /**
     * Whether the failed attempt went over TCP in place of the current hop, because the request is too large for UDP. Then
     * the current hop is the next one again, over UDP.
     */
    boolean repeats(Attempt attempt) {
        NextHop used = attempt.client().hop();
        if (!isCurrent(attempt) || hop >= hops.size() || hops.get(hop) == used) {
            return false;
        }
        services.large().refused(used.remote());
        hop--;
        return true;
    }

    /** Continues with the next hop of the same destination, or with the next destination. */
    void failOver(boolean sameDestination) {
        if (sameDestination) {
            nextHop();
        } else {
            next();
        }
    }

    /** Tries the next hop of the same destination, or else the next destination. */
    private void nextHop() {
        hop++;
        while (hop < hops.size() && !listener.isOver()) {
            if (!services.overloaded().admits(hops.get(hop), mayKeep && current() != null)) {
                listener.hasNoHop(this, SendFailure.OVERLOADED);
            } else if (listener.tryHop(this, hops.get(hop))) {
                return;
            }
            hop++;
        }
        next();
    }
}
