package org.sipdispatch.sets;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Selects the usable member with the smallest cost, and remembers what it needs for the next selection. One for each
 * set, lane and algorithm; used by the set's actor only. What takes longer in larger sets is done when the members
 * change, or once a second when the latencies do, not at each selection.
 */
abstract class Balancer {
    /** The result of {@link #first} if no member can be selected. */
    static final int NONE = -1;
    /** So many members of the failover list are in ascending order of their costs. */
    private static final int SORTED = 16;

    private final LoadContext context;
    private SetView set;
    private int size;
    private MemberLoad[] loads;
    private long measured;

    Balancer(LoadContext context) {
        this.context = context;
    }

    /** A copy of the state that all balancers have. */
    Balancer(Balancer other) {
        context = other.context;
        set = other.set;
        size = other.size;
        loads = other.loads;
        measured = other.measured;
    }

    /** An independent copy, for trial selections. */
    abstract Balancer copy();

    /** Whether {@link #prepare} is also necessary when latencies have been measured again. */
    abstract boolean followsLatency();

    /**
     * Prepares for other members, states, weights or latencies.
     *
     * @param sameMembers whether the set has the members that it had before
     */
    abstract void prepare(boolean sameMembers, int random);

    /** The member to try first, or {@link #NONE}. Counts as a selection. */
    abstract int first(int random);

    /** What a member costs, in the units of the algorithm; members of equal cost may be selected by turns. */
    abstract double cost(int place);

    /** Whether a usable member may be selected. */
    boolean accepts(int place) {
        return true;
    }

    /** The present figures of a member, for explanations. */
    abstract String figures(int place);

    /** Why this member is the first one. */
    abstract String whyFirst(int first);

    /**
     * Takes over the view of the set.
     *
     * @param view the present view
     * @param members how many members take part, from the first one
     * @param random a number without a pattern
     */
    final void use(SetView view, int members, int random) {
        long now = followsLatency() ? context.facts().measurements() : 0;
        if (view == set && members == size && now == measured) {
            return;
        }
        boolean same = set != null && members == size && view.hasMembersOf(set);
        MemberLoad[] before = loads;
        set = view;
        size = members;
        loads = view.loads(context.facts());
        measured = now;
        prepare(same, random);
        // Latencies are kept only while an object refers to them: they must outlast a reload.
        Reference.reachabilityFence(before);
    }

    /**
     * The failover order without the reserve: the first member and up to {@code most - 1} others. These are taken from
     * around the set, from a random place on, so that the calls of a member that fails reach all others alike.
     */
    int[] order(int first, int random, int most) {
        int[] order = new int[Math.min(size, Math.max(most, SORTED + 1))];
        int count = 0;
        order[count++] = first;
        int start = startOf(size, random);
        for (int step = 0; step < size && count < order.length; step++) {
            int place = (start + step) % size;
            if (place != first && set.isActive(place) && accepts(place)) {
                order[count++] = place;
            }
        }
        sort(order, 1, Math.min(count, SORTED + 1));
        return Arrays.copyOf(order, Math.min(count, Math.max(1, most)));
    }

    private void sort(int[] places, int from, int to) {
        double[] costs = new double[to];
        for (int i = from; i < to; i++) {
            costs[i] = cost(places[i]);
            int at = i;
            while (at > from && costs[at - 1] > costs[at]) {
                double cost = costs[at];
                costs[at] = costs[at - 1];
                costs[at - 1] = cost;
                int place = places[at];
                places[at] = places[at - 1];
                places[at - 1] = place;
                at--;
            }
        }
    }

    /** A random index below {@code count}. */
    static int startOf(int count, int random) {
        return (int) WeightWheel.part(SplitMix64.mix(~random), count);
    }

    /** The indexes of the members that take part and are usable. */
    final int[] usable() {
        return IntStream.range(0, size).filter(set::isActive).toArray();
    }

    final LoadSettings settings() {
        return context.settings();
    }

    final SetView set() {
        return set;
    }

    final int size() {
        return size;
    }

    final MemberLoad load(int place) {
        return loads[place];
    }

    final MemberLoad[] loads() {
        return loads;
    }
}
