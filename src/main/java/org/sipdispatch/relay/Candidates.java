package org.sipdispatch.relay;

import java.util.List;
import org.sipdispatch.sets.Destination;

/** The destinations that may take one request, one after the other, and of each the hops to it. */
final class Candidates extends Steps {
    /** Who tries them. */
    interface Trial {
        /** Whether nobody else is to be tried. */
        boolean isOver();

        /** Tries a hop; false if it is certain that nothing can be sent there. */
        boolean tries(Hop hop);

        /** The destination has no address, or none that a socket of ours fits. */
        void hasNoHop();

        /** There is none left, or nobody else is to be tried. */
        void end();
    }

    private final Hops finder;
    private final ListenSocket in;
    private final Trial trial;
    private List<Destination> destinations = List.of();
    private int destination = -1;
    private List<Hop> hops = List.of();
    private int hop;

    /** {@code in}: the socket that the request came in on. */
    Candidates(Hops finder, ListenSocket in, Trial trial) {
        this.finder = finder;
        this.in = in;
        this.trial = trial;
    }

    /** Begins with the first of these. */
    void begin(List<Destination> selected) {
        destinations = selected;
        next();
    }

    /** Begins with hops that belong to no destination. */
    void follow(List<Hop> found) {
        resolved(found);
    }

    /** The destination that is being tried; null if the hops belong to none. */
    Destination current() {
        return destination < 0 ? null : destinations.get(destination);
    }

    boolean hasMoreHops() {
        return hop + 1 < hops.size();
    }

    boolean hasMore() {
        return hasMoreHops() || destination + 1 < destinations.size();
    }

    @Override
    void step() {
        destination++;
        if (trial.isOver() || destination >= destinations.size()) {
            destination = Math.min(destination, destinations.size() - 1);
            trial.end();
        } else {
            finder.toDestination(destinations.get(destination), in, this::resolved);
        }
    }

    private void resolved(List<Hop> found) {
        hops = found;
        hop = -1;
        if (found.isEmpty() && !trial.isOver()) {
            trial.hasNoHop();
        }
        nextHop();
    }

    /** Tries the same destination by its next hop, or else the next destination. */
    void nextHop() {
        hop++;
        while (hop < hops.size() && !trial.isOver()) {
            if (trial.tries(hops.get(hop))) {
                return;
            }
            hop++;
        }
        next();
    }
}
