package org.sipdispatch.sets;

import java.util.Arrays;

/**
 * Selects the member with the fewest calls in flight, in proportion to its weight or up to its {@code maxload}; equal
 * ones by turns, in an order that differs on each lane. Calls in flight 3, 1, 2 give b.
 *
 * <p>Calls begin and end on all lanes at any time, without a message to this object. It keeps the members in the order
 * of the counts that it has read. A selection reads the count of its winner again, and those of the next {@link #READ}
 * members in turn. So a winner never has more calls than it was selected with. In sets of up to {@link #READ} members
 * all counts are current; in larger ones the end of a call may be noticed {@code size / READ} selections later.
 */
final class LeastInFlight extends Balancer {
    private static final int READ = 8;
    /** When all counts are at their limits, some may be out of date. */
    private static final int READ_IF_FULL = 256;

    /** Weights with a larger common multiple would make more levels than members. */
    private static final int MOST_SCALE = 4096;

    /** A tree of so many members is faster than levels. */
    private static final int FEW = 32;

    private static final double NEVER = Double.POSITIVE_INFINITY;

    private final boolean byMaxLoad;
    /** The cost of each member as it was read last, or was selected. */
    private double[] known = {};

    private SelectionTurns turns = new SelectionTurns(0, 0);
    private CostOrder order = new CostTree(known, turns, new int[0]);
    private int nextToRead;
    private boolean weighted;

    /** @param byMaxLoad whether {@code maxload} limits the calls in flight; otherwise weights divide them */
    LeastInFlight(LoadContext context, boolean byMaxLoad) {
        super(context);
        this.byMaxLoad = byMaxLoad;
    }

    private LeastInFlight(LeastInFlight other) {
        super(other);
        byMaxLoad = other.byMaxLoad;
        known = other.known.clone();
        turns = other.turns.copy();
        nextToRead = other.nextToRead;
        weighted = other.weighted;
        order = order(set() == null ? new int[0] : usable());
    }

    @Override
    Balancer copy() {
        return new LeastInFlight(this);
    }

    @Override
    boolean followsLatency() {
        return false;
    }

    @Override
    void prepare(boolean sameMembers, int random) {
        int[] usable = usable();
        if (!sameMembers) {
            turns = new SelectionTurns(size(), random);
            nextToRead = 0;
        }
        weighted = !byMaxLoad && Arrays.stream(usable).anyMatch(place -> set().weight(place) > 0);
        known = new double[size()];
        for (int place : usable) {
            known[place] = cost(place);
        }
        order = order(usable);
    }

    private CostOrder order(int[] usable) {
        int scale = 1;
        for (int i = 0; weighted && i < usable.length && scale <= MOST_SCALE; i++) {
            scale = commonMultiple(scale, Math.max(1, set().weight(usable[i])));
        }
        return scale > MOST_SCALE || usable.length <= FEW
                ? new CostTree(known, turns, usable)
                : new CostLevels(known, turns, usable, scale);
    }

    /** The smallest one; a larger number than {@link #MOST_SCALE} if that is larger. */
    private static int commonMultiple(int one, int other) {
        long multiple = one;
        while (multiple <= MOST_SCALE && multiple % other != 0) {
            multiple += one;
        }
        return multiple > MOST_SCALE ? MOST_SCALE + 1 : (int) multiple;
    }

    private void learn(int place, double cost) {
        double before = known[place];
        known[place] = cost;
        order.changed(place, turns.of(place), before);
    }

    private void read(int members) {
        for (int i = Math.min(members, size()); i > 0; i--) {
            int place = nextToRead;
            nextToRead = place + 1 == size() ? 0 : place + 1;
            if (set().isActive(place)) {
                double cost = cost(place);
                if (cost != known[place]) {
                    learn(place, cost);
                }
            }
        }
    }

    /** The winner, after its count has been read again. */
    private int winner() {
        int best = order.first();
        for (int i = 0; i < READ && best != NONE; i++) {
            double cost = cost(best);
            if (known[best] == NEVER ? cost == NEVER : cost <= known[best]) {
                return best;
            }
            learn(best, cost);
            best = order.first();
        }
        return best;
    }

    @Override
    int first(int random) {
        read(READ);
        int best = winner();
        if (best != NONE && known[best] == NEVER) {
            read(READ_IF_FULL);
            best = winner();
        }
        if (best == NONE || known[best] == NEVER) {
            return NONE;
        }
        select(best);
        return best;
    }

    private void select(int place) {
        if (turns.isFull()) {
            turns.renumber();
            order.renumbered();
        }
        int turn = turns.of(place);
        double before = known[place];
        turns.selected(place);
        // Its INVITE is sent after this selection; another one may be made before.
        known[place] = cost(load(place).inFlight() + 1, place);
        order.changed(place, turn, before);
    }

    @Override
    double cost(int place) {
        return cost(load(place).inFlight(), place);
    }

    private double cost(long inFlight, int place) {
        if (byMaxLoad) {
            return load(place).isFull(inFlight) ? NEVER : inFlight;
        }
        int weight = weighted ? set().weight(place) : 1;
        return weight == 0 ? NEVER : (double) inFlight / weight;
    }

    @Override
    boolean accepts(int place) {
        return !byMaxLoad || !load(place).isFull(load(place).inFlight());
    }

    @Override
    String figures(int place) {
        long inFlight = load(place).inFlight();
        if (byMaxLoad) {
            return inFlight + (load(place).maxLoad() > 0 ? " of " + load(place).maxLoad() : "") + " in flight";
        }
        return inFlight + " in flight, weight " + set().weight(place);
    }

    @Override
    String whyFirst(int first) {
        return figures(first) + ", the fewest of those that were read, or its turn among equal ones";
    }
}
