package org.sipdispatch.proxy;

import java.util.List;
import org.sipdispatch.observation.DestinationCounters.DestinationCounter;
import org.sipdispatch.observation.ObservationBatcher;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.TargetAddresses;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;

/** Iterates over the candidate destinations of one request and over the hops of each destination. */
final class FailoverSequence extends Trampoline {
    /** Sends the request. */
    interface HopTrier {
        /** Whether no further destination is to be tried. */
        boolean isOver();

        /** Tries a hop. Returns false if the request certainly cannot be sent to it. */
        boolean tryHop(NextHop hop);

        /** The destination has no address, or no socket of this node can send to it. */
        void hasNoHop(SendFailure why);

        /**
         * No candidate is left, or {@link #isOver} is true.
         *
         * @param why the response if the candidates that are left are not tried; null for that of the attempts
         */
        void end(LocalReply why);
    }

    private final ForwardingServices services;
    private final ListenSocket in;
    private final HopTrier listener;
    private final List<String> blacklists;
    private List<Destination> destinations = List.of();
    private int destination = -1;
    private List<NextHop> hops = List.of();
    private int hop;
    private ObservationBatcher.Tally tally;
    private boolean waits;

    /** {@code in}: the socket that received the request. */
    FailoverSequence(ForwardingServices services, ListenSocket in, List<String> blacklists, HopTrier listener) {
        this.blacklists = blacklists;
        this.services = services;
        this.in = in;
        this.listener = listener;
    }

    /** Starts with the first of these destinations. */
    void begin(List<Destination> selected) {
        destinations = selected;
        firstHit(selected.get(0));
        next();
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
        if (current != null && tally.destination() != current) {
            tally = services.observations().of(current);
        }
        return current == null ? null : tally;
    }

    /**
     * The tally for an attempt at this hop: that of the target, if the destination has targets; null if the hops belong
     * to no destination.
     */
    ObservationBatcher.Tally tally(NextHop at) {
        Destination current = current();
        TargetAddresses targets = current == null ? null : services.resolver().targets(current);
        return targets == null ? tally() : tally().ofTarget(at.remote(), targets);
    }

    boolean hasMoreHops() {
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

    boolean hasMore() {
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
            services.waiting().add(this::continueAfterPause, () -> listener.end(WaitingRequests.REJOINING));
        }
    }

    private void continueAfterPause() {
        waits = false;
        next();
    }

    @Override
    void step() {
        if (isHeldUp() && !listener.isOver()) {
            waitForViews();
            return;
        }
        int following =
                listener.isOver() ? destinations.size() : services.filter().nextUsable(destinations, destination);
        if (following >= destinations.size()) {
            listener.end(null);
        } else {
            if (destination >= 0) {
                tally().counters().add(DestinationCounter.FAILOVERS);
            }
            destination = following;
            services.resolver().toDestination(destinations.get(destination), in, blacklists, this::resolved);
        }
    }

    private void resolved(List<NextHop> found) {
        hops = found;
        hop = -1;
        if (found.isEmpty() && !listener.isOver()) {
            listener.hasNoHop(NoNextHop.why(found));
        }
        nextHop();
    }

    /**
     * Whether the request went over TCP in place of the current hop, because it is too large for UDP. Then the current hop
     * is the next one again, over UDP.
     */
    boolean repeatsInsteadOf(NextHop used) {
        if (hop >= hops.size() || hops.get(hop) == used) {
            return false;
        }
        services.large().refused(used.remote());
        hop--;
        return true;
    }

    /** Tries the next hop of the same destination, or else the next destination. */
    void nextHop() {
        hop++;
        while (hop < hops.size() && !listener.isOver()) {
            if (listener.tryHop(hops.get(hop))) {
                return;
            }
            hop++;
        }
        next();
    }
}
