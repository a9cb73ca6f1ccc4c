package org.sipdispatch.sets;

/**
 * Weighted round robin as OpenSIPS does it, in runs: weights 5, 1, 3 give a a a a a b c c c. Weight 0 counts as 1
 * once the turn comes to it.
 */
final class RoundRobin implements Pick {
    @Override
    public int first(SetView set, Cursor cursor, int hash, boolean reserve) {
        int size = Pick.size(set, reserve);
        int candidate = cursor.last;
        if (cursor.taken[candidate] >= set.weight(candidate)) {
            cursor.taken[candidate] = 0;
            candidate = (candidate + 1) % size;
        }
        int picked = set.isActive(candidate) ? candidate : Pick.nextActive(set, candidate, reserve);
        if (picked != NONE) {
            cursor.taken[picked]++;
        }
        return picked;
    }
}
