package org.sipdispatch.sets;

/**
 * Weighted round robin in runs, as in OpenSIPS: weights 5, 1, 3 give a a a a a b c c c. A member with weight 0 is
 * selected once per round, as with weight 1.
 */
final class RoundRobin implements Picker {
    @Override
    public int first(SetView set, RoundRobinState cursor, int hash, boolean reserve) {
        int size = Picker.size(set, reserve);
        int candidate = cursor.last;
        if (hasServed(set, cursor)) {
            cursor.taken[candidate] = 0;
            candidate = (candidate + 1) % size;
        }
        int picked = set.isActive(candidate) ? candidate : Picker.nextActive(set, candidate, reserve);
        if (picked != NONE) {
            cursor.taken[picked]++;
        }
        return picked;
    }

    private static boolean hasServed(SetView set, RoundRobinState cursor) {
        return cursor.taken[cursor.last] >= set.weight(cursor.last);
    }

    @Override
    public String whyFirst(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve) {
        boolean served = hasServed(set, cursor);
        if (first == cursor.last) {
            return served
                    ? "round robin returns to this destination, no other is usable"
                    : "round robin is at this destination, " + taken(set, cursor);
        }
        String before = "round robin was at " + set.member(cursor.last).uri() + ", ";
        return before
                + (served
                        ? taken(set, cursor)
                        : "which is " + set.state(cursor.last).text()) + "; next usable one in the ring";
    }

    private static String taken(SetView set, RoundRobinState cursor) {
        return cursor.taken[cursor.last] + " of " + set.weight(cursor.last) + " taken";
    }
}
