package org.sipdispatch.sets;

/** Selects the first member of a set and the failover order. Stateless; the state is in {@link RoundRobinState}. */
interface Picker {
    /** The result of {@link #first} if no member is usable. */
    int NONE = -1;

    /**
     * The member to try first.
     *
     * @param hash the key's hash, unsigned; a random number for algorithms that draw; 0 for the others
     * @param reserve whether the last member is used only if no other is usable (flag D)
     */
    int first(SetView set, RoundRobinState cursor, int hash, boolean reserve);

    /**
     * The failover order, including the first member: at most {@code most} members, followed by the reserve. As in
     * OpenSIPS, it continues from the first member through the list and wraps around.
     *
     * @param cursor the state after the selection of the first member
     */
    default int[] order(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve, int most) {
        int size = set.size();
        int last = size - 1;
        int[] order = new int[Math.min(size, Math.max(most, 1) + 1)];
        int count = 0;
        order[count++] = first;
        // A selected reserve does not count towards the limit either. Algorithm 4 may select it if its state still
        // points to it.
        int limit = reserve && first == last ? most + 1 : most;
        for (int step = 1; step < size && count < limit; step++) {
            int index = (first + step) % size;
            if (set.isActive(index) && !(reserve && index == last)) {
                order[count++] = index;
            }
        }
        // OpenSIPS adds the reserve even if it is not usable; a call must not be sent to it.
        if (reserve && first != last && set.isActive(last)) {
            order[count++] = last;
        }
        return java.util.Arrays.copyOf(order, count);
    }

    /**
     * A short explanation why {@link #first} returned that member.
     *
     * @param cursor the state before the selection
     */
    String whyFirst(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve);

    /** A short explanation of the order of the other members in {@link #order}. */
    default String whyNext() {
        return "next one in the ring";
    }

    /** What the algorithm compares of a usable member, for explanations; empty if it compares nothing. */
    default String figures(SetView set, RoundRobinState cursor, int place, boolean reserve) {
        return "";
    }

    /** Whether the algorithm may select a usable member. */
    default boolean accepts(SetView set, RoundRobinState cursor, int place, boolean reserve) {
        return true;
    }

    /** The number of members without the reserve. */
    static int size(SetView set, boolean reserve) {
        return reserve && set.size() > 1 ? set.size() - 1 : set.size();
    }

    /** The reserve if it is enabled and usable, else {@link #NONE}. */
    static int reserve(SetView set, boolean reserve) {
        int last = set.size() - 1;
        return reserve && set.isActive(last) ? last : NONE;
    }

    /** The next usable member after an unusable candidate, wrapping around; else the reserve. */
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
