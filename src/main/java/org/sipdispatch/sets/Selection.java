package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.List;

/** Applies an algorithm and its flags to one view of a set. */
final class Selection {
    private Selection() {}

    static List<Destination> select(SetView set, Cursor cursor, Algorithm algorithm, int hash, SelectFlags flags) {
        if (!set.isUsable()) {
            return List.of();
        }
        Pick pick = algorithm.pick();
        int first = pick.first(set, cursor, hash, flags.reserve());
        if (first == Pick.NONE) {
            return List.of();
        }
        cursor.last = first;
        if (!flags.failover()) {
            return List.of(set.member(first));
        }
        int[] order = pick.order(set, first, hash, flags.reserve(), flags.most());
        Destination[] candidates = new Destination[order.length];
        for (int i = 0; i < order.length; i++) {
            candidates[i] = set.member(order[i]);
        }
        return Arrays.asList(candidates);
    }
}
