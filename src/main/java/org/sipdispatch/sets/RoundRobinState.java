package org.sipdispatch.sets;

import java.util.HashMap;
import java.util.Map;

/**
 * Where the round robins of one set stand. It lives beside the view, so that a reload or a state change does not
 * reset it; members that stay keep their share. Confined to the set's actor.
 */
final class RoundRobinState {
    int last;
    int[] taken;
    long[] credit;

    RoundRobinState(int size) {
        taken = new int[size];
        credit = new long[size];
    }

    /** One that stands where this one stands, to try things out on. */
    RoundRobinState copy() {
        RoundRobinState copy = new RoundRobinState(0);
        copy.last = last;
        copy.taken = taken.clone();
        copy.credit = credit.clone();
        return copy;
    }

    /** Follows the set from one view to the next. */
    void move(SetView from, SetView to) {
        if (to.hasMembersOf(from)) {
            return;
        }
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < from.size(); i++) {
            places.putIfAbsent(from.member(i).id(), i);
        }
        int[] newTaken = new int[to.size()];
        long[] newCredit = new long[to.size()];
        int newLast = 0;
        for (int i = 0; i < to.size(); i++) {
            Integer old = places.get(to.member(i).id());
            if (old != null) {
                newTaken[i] = taken[old];
                newCredit[i] = credit[old];
                newLast = old == last ? i : newLast;
            }
        }
        last = newLast;
        taken = newTaken;
        credit = newCredit;
    }
}
