package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.List;

/** Applies an algorithm and its flags to one view of a set. */
final class Selection {
    private Selection() {}

    static List<Destination> select(
            SetView view, RoundRobinState cursor, Algorithm algorithm, int hash, SelectFlags flags) {
        SetView set = flags.seen(view);
        int first = set.isUsable() ? algorithm.picker().first(set, cursor, hash, flags.reserve()) : Picker.NONE;
        if (first == Picker.NONE) {
            return List.of();
        }
        cursor.last = first;
        if (!flags.failover()) {
            return List.of(set.member(first));
        }
        int[] order = set.withStarting(
                algorithm.picker().order(set, cursor, first, hash, flags.reserve(), flags.most()), flags.most());
        Destination[] candidates = new Destination[order.length];
        for (int i = 0; i < order.length; i++) {
            candidates[i] = set.member(order[i]);
        }
        return Arrays.asList(candidates);
    }
}
