package org.sipdispatch.sets;

/** How an algorithm chooses the first member of a set, and who comes after it. Stateless; the cursor is the state. */
interface Picker {
    /** What {@link #first} gives when no member is usable. */
    int NONE = -1;

    /**
     * The member to try first.
     *
     * @param hash the key's hash, unsigned; 0 for algorithms without a key
     * @param reserve whether the last member is held back for when no other is usable (flag D)
     */
    int first(SetView set, RoundRobinState cursor, int hash, boolean reserve);

    /**
     * The failover order, the first one included, of at most {@code most} members and the reserve behind them: around
     * the ring from the first one, as OpenSIPS does it.
     */
    default int[] order(SetView set, int first, int hash, boolean reserve, int most) {
        int size = set.size();
        int last = size - 1;
        int[] order = new int[Math.min(size, Math.max(most, 1) + 1)];
        int count = 0;
        order[count++] = first;
        // A reserve that was picked, as algorithm 4 may where it still stands on it, does not count either.
        int limit = reserve && first == last ? most + 1 : most;
        for (int step = 1; step < size && count < limit; step++) {
            int index = (first + step) % size;
            if (set.isActive(index) && !(reserve && index == last)) {
                order[count++] = index;
            }
        }
        // OpenSIPS adds the reserve even where it is not usable; a call must not be sent there.
        if (reserve && first != last && set.isActive(last)) {
            order[count++] = last;
        }
        return java.util.Arrays.copyOf(order, count);
    }

    /**
     * Why {@link #first} gave that member, in a few words.
     *
     * @param cursor as it stood before
     */
    String whyFirst(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve);

    /** Why {@link #order} lists the others as it does, in a few words. */
    default String whyNext() {
        return "next around the ring";
    }

    /** How many members the ordinary choice is made among. */
    static int size(SetView set, boolean reserve) {
        return reserve && set.size() > 1 ? set.size() - 1 : set.size();
    }

    /** The reserve if it may stand in, else {@link #NONE}. */
    static int reserve(SetView set, boolean reserve) {
        int last = set.size() - 1;
        return reserve && set.isActive(last) ? last : NONE;
    }

    /** The next usable member around the ring behind a candidate that is not usable itself. */
    static int nextActive(SetView set, int candidate, boolean reserve) {
        int size = size(set, reserve);
        for (int step = 1; step <= size; step++) {
            int index = (candidate + step) % size;
            if (set.isActive(index)) {
                return index;
            }
        }
        return reserve(set, reserve);
    }
}
