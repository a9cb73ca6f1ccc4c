package org.sipdispatch.relay;

import java.util.List;
import org.sipdispatch.relay.DestinationCounters.Count;
import org.sipdispatch.sets.Destination;

/** The destinations that may take one request, one after the other, and of each the hops to it. */
final class Candidates extends Steps {
    /** Who tries them. */
    interface Trial {
        /** Whether nobody else is to be tried. */
        boolean isOver();

        /** Tries a hop; false if it is certain that nothing can be sent there. */
        boolean tries(Hop hop);

        /** The destination has no address, or none that a socket of this node fits. */
        void hasNoHop(SendFailure why);

        /** There is none left, or nobody else is to be tried. */
        void end();
    }

    private final Lane lane;
    private final ListenSocket in;
    private final Trial trial;
    private List<Destination> destinations = List.of();
    private int destination = -1;
    private List<Hop> hops = List.of();
    private int hop;
    private Evidence.Tally tally;

    /** {@code in}: the socket that the request came in on. */
    Candidates(Lane lane, ListenSocket in, Trial trial) {
        this.lane = lane;
        this.in = in;
        this.trial = trial;
    }

    /** Begins with the first of these. */
    void begin(List<Destination> selected) {
        destinations = selected;
        firstHit(selected.get(0));
        next();
    }

    /** Counts that it is the first that the request is to go to, whatever becomes of that. */
    void firstHit(Destination first) {
        tally = lane.evidence.of(first);
        lane.destinations.firstHit(tally.counters(), lane.nowMs);
    }

    /** Begins with hops that belong to no destination. */
    void follow(List<Hop> found) {
        resolved(found);
    }

    /** The destination that is being tried; null if the hops belong to none. */
    Destination current() {
        return destination < 0 ? null : destinations.get(destination);
    }

    /** Where it counts how the destination that is being tried fares; null if the hops belong to none. */
    Evidence.Tally tally() {
        Destination current = current();
        if (current != null && tally.destination() != current) {
            tally = lane.evidence.of(current);
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
        return hasMoreHops() || following(lane, destinations, destination) < destinations.size();
    }

    /**
     * The place of the next one to try: behind the first, those that were taken out since they were selected get no new
     * calls.
     *
     * @param tried the place of the one that was tried last, -1 if none was
     * @return the number of candidates if there is none
     */
    static int following(Lane lane, List<Destination> candidates, int tried) {
        int following = tried + 1;
        if (following > 0 && lane.isStale()) {
            return candidates.size();
        }
        while (following > 0 && following < candidates.size() && lane.sets.isOut(candidates.get(following))) {
            following++;
        }
        return following;
    }

    @Override
    void step() {
        int following = trial.isOver() ? destinations.size() : following(lane, destinations, destination);
        if (following >= destinations.size()) {
            trial.end();
        } else {
            if (destination >= 0) {
                tally().counters().add(Count.FAILOVERS);
            }
            destination = following;
            lane.hops.toDestination(destinations.get(destination), in, this::resolved);
        }
    }

    private void resolved(List<Hop> found) {
        hops = found;
        hop = -1;
        if (found.isEmpty() && !trial.isOver()) {
            trial.hasNoHop(NoHop.why(found));
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
