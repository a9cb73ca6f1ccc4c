package org.sipdispatch.proxy;

import java.util.List;
import org.sipdispatch.observation.DestinationCounters.Count;
import org.sipdispatch.observation.ObservationBatcher;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;

/** The destinations that may take one request, one after the other, and of each the hops to it. */
final class FailoverSequence extends Trampoline {
    /** What sends the request. */
    interface Listener {
        /** Whether no other destination is to be tried. */
        boolean isOver();

        /** Tries a hop; false if it is certain that nothing can be sent there. */
        boolean tries(NextHop hop);

        /** The destination has no address, or none that a socket of this node fits. */
        void hasNoHop(SendFailure why);

        /** There is none left, or nobody else is to be tried. */
        void end();
    }

    private final ForwardingServices services;
    private final ListenSocket in;
    private final Listener listener;
    private List<Destination> destinations = List.of();
    private int destination = -1;
    private List<NextHop> hops = List.of();
    private int hop;
    private ObservationBatcher.Tally tally;

    /** {@code in}: the socket that the request came in on. */
    FailoverSequence(ForwardingServices services, ListenSocket in, Listener listener) {
        this.services = services;
        this.in = in;
        this.listener = listener;
    }

    /** Begins with the first of these. */
    void begin(List<Destination> selected) {
        destinations = selected;
        firstHit(selected.get(0));
        next();
    }

    /** Counts that it is the first that the request is to go to, whatever becomes of that. */
    void firstHit(Destination first) {
        tally = services.observations().of(first);
        services.observations().firstHit(tally.counters());
    }

    /** Begins with hops that belong to no destination. */
    void follow(List<NextHop> found) {
        resolved(found);
    }

    /** The destination that is being tried; null if the hops belong to none. */
    Destination current() {
        return destination < 0 ? null : destinations.get(destination);
    }

    /** Where it counts how the destination that is being tried fares; null if the hops belong to none. */
    ObservationBatcher.Tally tally() {
        Destination current = current();
        if (current != null && tally.destination() != current) {
            tally = services.observations().of(current);
        }
        return current == null ? null : tally;
    }

    boolean hasMoreHops() {
        return hop + 1 < hops.size();
    }

    /** Whether the destination has another address to try before it has failed with that code. */
    boolean hasAnotherWay(int code) {
        return (code == 503 || code == 408) && hasMoreHops();
    }

    /** Whether there is one that was a candidate; it may have been taken out since. */
    boolean mayHaveMore() {
        return hasMoreHops() || destination + 1 < destinations.size();
    }

    boolean hasMore() {
        return hasMoreHops() || services.filter().following(destinations, destination) < destinations.size();
    }

    @Override
    void step() {
        int following =
                listener.isOver() ? destinations.size() : services.filter().following(destinations, destination);
        if (following >= destinations.size()) {
            listener.end();
        } else {
            if (destination >= 0) {
                tally().counters().add(Count.FAILOVERS);
            }
            destination = following;
            services.resolver().toDestination(destinations.get(destination), in, this::resolved);
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

    /** Tries the same destination by its next hop, or else the next destination. */
    void nextHop() {
        hop++;
        while (hop < hops.size() && !listener.isOver()) {
            if (listener.tries(hops.get(hop))) {
                return;
            }
            hop++;
        }
        next();
    }
}
