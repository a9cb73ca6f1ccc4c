package org.sipdispatch.sets;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The round-robin state of one set, and the balancers of the algorithms by load and latency. It is separate from the
 * view, so that a reload or a state change does not reset it; remaining members keep their state. Used only by the
 * set's actor.
 */
final class RoundRobinState {
    private static final int NOWHERE = -1;

    int last;
    int[] taken;
    private long[] credit;
    /** The credits in the view that was used last; null if {@link #credit} has them. */
    private Turns turns;

    private final LoadContext load;
    private final Map<Object, Balancer> balancers = new HashMap<>();
    /** Not copied: a copy makes few selections. */
    private final Map<OrderName, FigureOrder> orders = new HashMap<>();

    private record OrderName(FigureRanking ranking, boolean reserve) {}

    /** A state without anything measured. */
    RoundRobinState(int size) {
        this(size, LoadContext.NONE);
    }

    RoundRobinState(int size, LoadContext load) {
        this.load = load;
        taken = new int[size];
        credit = new long[size];
    }

    /** An independent copy, for trial selections. */
    RoundRobinState copy() {
        RoundRobinState copy = new RoundRobinState(0, load);
        copy.last = last;
        copy.taken = taken.clone();
        copy.credit = credit.clone();
        copy.turns = turns == null ? null : turns.copy(copy.credit);
        balancers.forEach((key, balancer) -> copy.balancers.put(key, balancer.copy()));
        return copy;
    }

    /** The turns of smooth round robin in this view. */
    Turns turns(SetView view, int size) {
        if (turns == null || !turns.isOf(view, size)) {
            endTurns();
            turns = new Turns(view, size, credit);
        }
        return turns;
    }

    private void endTurns() {
        if (turns != null) {
            turns.end();
            turns = null;
        }
    }

    /** What a member has in smooth round robin. */
    long credit(int place) {
        endTurns();
        return credit[place];
    }

    /** The balancer with this key; the first call creates it. */
    Balancer balancer(Object key, Function<LoadContext, Balancer> create) {
        Balancer known = balancers.get(key);
        if (known == null) {
            known = create.apply(load);
            balancers.put(key, known);
        }
        return known;
    }

    /** The order of the members by a figure; {@code reserve}: without the last one. */
    FigureOrder order(FigureRanking ranking, boolean reserve) {
        return orders.computeIfAbsent(new OrderName(ranking, reserve), name -> new FigureOrder(ranking));
    }

    /** Maps the state from one view of the set to the next. */
    void move(SetView from, SetView to) {
        if (to.hasMembersOf(from)) {
            return;
        }
        endTurns();
        int[] newTaken = new int[to.size()];
        long[] newCredit = new long[to.size()];
        int newLast = 0;
        Map<String, Integer> places = null;
        for (int i = 0; i < to.size(); i++) {
            int old = i;
            // Most changes move no row, and a lane must not be held up by a large set.
            if (i >= from.size() || !from.memberId(i).equals(to.memberId(i))) {
                places = places == null ? places(from) : places;
                old = places.getOrDefault(to.memberId(i), NOWHERE);
            }
            if (old != NOWHERE) {
                newTaken[i] = taken[old];
                newCredit[i] = credit[old];
                newLast = old == last ? i : newLast;
            }
        }
        last = newLast;
        taken = newTaken;
        credit = newCredit;
    }

    private static Map<String, Integer> places(SetView view) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < view.size(); i++) {
            places.putIfAbsent(view.memberId(i), i);
        }
        return places;
    }
}
