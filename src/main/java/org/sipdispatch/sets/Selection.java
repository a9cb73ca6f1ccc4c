package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.List;

/** Applies an algorithm and its flags to one view of a set. */
final class Selection {
    private Selection() {}

    static List<Destination> select(SetView set, Cursor cursor, Algorithm algorithm, int hash, SelectFlags flags) {
        int first = first(set, cursor, algorithm, hash, flags);
        if (first == Pick.NONE) {
            return List.of();
        }
        if (!flags.failover()) {
            return List.of(set.member(first));
        }
        int[] order = order(set, first, algorithm, hash, flags);
        Destination[] candidates = new Destination[order.length];
        for (int i = 0; i < order.length; i++) {
            candidates[i] = set.member(order[i]);
        }
        return Arrays.asList(candidates);
    }

    /** The places of the same candidates, for one who wants to tell why they are it. */
    static int[] places(SetView set, Cursor cursor, Algorithm algorithm, int hash, SelectFlags flags) {
        int first = first(set, cursor, algorithm, hash, flags);
        if (first == Pick.NONE) {
            return new int[0];
        }
        return flags.failover() ? order(set, first, algorithm, hash, flags) : new int[] {first};
    }

    private static int first(SetView set, Cursor cursor, Algorithm algorithm, int hash, SelectFlags flags) {
        int first = set.isUsable() ? algorithm.pick().first(set, cursor, hash, flags.reserve()) : Pick.NONE;
        if (first != Pick.NONE) {
            cursor.last = first;
        }
        return first;
    }

    private static int[] order(SetView set, int first, Algorithm algorithm, int hash, SelectFlags flags) {
        return algorithm.pick().order(set, first, hash, flags.reserve(), flags.most());
    }
}
