package org.sipdispatch.sets;

import java.util.Arrays;

/**
 * Selects the member with the fewest calls in flight, in proportion to its weight or up to its {@code maxload}; equal
 * ones by turns, in an order that differs on each lane. Calls in flight 3, 1, 2 give b.
 *
 * <p>Calls begin and end on all lanes at any time, without a message to this object. It keeps a tournament tree over
 * the counts that it has read. A selection reads the count of its winner again, and those of the next {@link #READ}
 * members in turn. So a winner never has more calls than it was selected with. In sets of up to {@link #READ} members
 * all counts are current; in larger ones the end of a call may be noticed {@code size / READ} selections later.
 */
final class LeastInFlight extends Balancer {
    private static final int READ = 8;
    /** When all counts are at their limits, some may be out of date. */
    private static final int READ_IF_FULL = 256;

    private static final double NEVER = Double.POSITIVE_INFINITY;

    private final boolean byMaxLoad;
    /** The cost of each member as it was read last, or was selected. */
    private double[] known = {};
    /** When each member was selected last: a number that grows with each selection. */
    private long[] selected = {};
    /** The better one of each two; the winner at index 1, the members from {@link #leaves} on. */
    private int[] winners = {};

    private int leaves;
    private int nextToRead;
    private long selections;
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
        selected = other.selected.clone();
        winners = other.winners.clone();
        leaves = other.leaves;
        nextToRead = other.nextToRead;
        selections = other.selections;
        weighted = other.weighted;
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
        int size = size();
        if (!sameMembers) {
            selected = new long[size];
            // Negative, so that each member has its turn before any has a second one.
            Arrays.setAll(selected, place -> SplitMix64.mix((long) random << 32 | place) | Long.MIN_VALUE);
            nextToRead = 0;
        }
        weighted = !byMaxLoad && Arrays.stream(usable()).anyMatch(place -> set().weight(place) > 0);
        leaves = Integer.highestOneBit(Math.max(1, size - 1)) << 1;
        known = new double[size];
        winners = new int[2 * leaves];
        Arrays.fill(winners, NONE);
        for (int place = 0; place < size; place++) {
            if (set().isActive(place)) {
                known[place] = cost(place);
                winners[leaves + place] = place;
            }
        }
        for (int node = leaves - 1; node > 0; node--) {
            winners[node] = better(winners[2 * node], winners[2 * node + 1]);
        }
    }

    private int better(int one, int other) {
        if (one == NONE || other == NONE) {
            return one == NONE ? other : one;
        } else if (known[one] != known[other]) {
            return known[one] < known[other] ? one : other;
        }
        return selected[one] < selected[other] ? one : other;
    }

    private void learn(int place, double cost) {
        known[place] = cost;
        for (int node = (leaves + place) / 2; node > 0; node /= 2) {
            winners[node] = better(winners[2 * node], winners[2 * node + 1]);
        }
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
        for (int i = 0; i < READ && winners[1] != NONE; i++) {
            int best = winners[1];
            double cost = cost(best);
            if (known[best] == NEVER ? cost == NEVER : cost <= known[best]) {
                return best;
            }
            learn(best, cost);
        }
        return winners[1];
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
        selections++;
        selected[best] = selections;
        // Its INVITE is sent after this selection; another one may be made before.
        learn(best, cost(load(best).inFlight() + 1, best));
        return best;
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
