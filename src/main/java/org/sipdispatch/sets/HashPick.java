package org.sipdispatch.sets;

/**
 * The hash modulo the sum of weights, walked over the members; where that one is not usable, the same hash again over
 * the usable ones. Weights 5, 3, 2: remainders 0 to 4 give the first, 5 to 7 the second, 8 and 9 the third. Sums are
 * kept in 16 bits, as OpenSIPS keeps them, so that large weights wrap alike.
 */
final class HashPick implements Pick {
    @Override
    public int first(SetView set, Cursor cursor, int hash, boolean reserve) {
        int size = Pick.size(set, reserve);
        int candidate = walk(set, size, hash, false);
        if (candidate >= 0 && set.isActive(candidate)) {
            return candidate;
        }
        int second = walk(set, size, hash, true);
        return second >= 0 ? second : Pick.reserve(set, reserve);
    }

    private static int walk(SetView set, int size, int hash, boolean activeOnly) {
        int total = 0;
        int members = 0;
        for (int i = 0; i < size; i++) {
            if (!activeOnly || set.isActive(i)) {
                total = total + set.weight(i) & 0xffff;
                members++;
            }
        }
        if (members == 0) {
            return NONE;
        }
        return total == 0
                ? nth(set, size, Integer.remainderUnsigned(hash, members), activeOnly)
                : weighted(set, size, Integer.remainderUnsigned(hash, total), activeOnly);
    }

    private static int weighted(SetView set, int size, int rest, boolean activeOnly) {
        int running = 0;
        for (int i = 0; i < size; i++) {
            if (!activeOnly || set.isActive(i)) {
                running = running + set.weight(i) & 0xffff;
                if (rest < running) {
                    return i;
                }
            }
        }
        return NONE;
    }

    private static int nth(SetView set, int size, int wanted, boolean activeOnly) {
        int seen = 0;
        for (int i = 0; i < size; i++) {
            if ((!activeOnly || set.isActive(i)) && seen++ == wanted) {
                return i;
            }
        }
        return NONE;
    }
}
