package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.IntToLongFunction;

/**
 * Places in the order of whole numbers, equal ones in ascending order. Each value near the lowest one has a level: the
 * set of the places with it. A change moves one bit from a level to another one, for any number of places. Levels
 * are made again when a value is below all of them, or none is left in them. Values that change by one at a time, such as
 * calls in flight, need many changes for that.
 *
 * <p>With values 3, 1, 2, 1 the order is 1, 3, 2, 0.
 */
final class MemberLevels {
    /** The result of {@link #first} if there are no places. */
    static final int NONE = PlaceSet.NONE;
    /** The value of a place that takes no part. */
    static final long ABSENT = Long.MIN_VALUE;
    /** The value of places that follow all others. However many have it, no levels are made for them. */
    static final long LAST = Ranking.LAST;

    private static final int FEWEST_LEVELS = 64;
    private static final int MOST_LEVELS = 1024;
    /** Their share below the lowest value, when they are made. */
    private static final int BELOW = 4;

    private final int size;
    private final IntToLongFunction value;
    /** By the difference to {@link #base}; null for one that was never used. */
    private final PlaceSet[] levels;
    /** The levels with places. */
    private final PlaceSet used;
    /** The places with {@link #LAST}. */
    private PlaceSet last;

    private long base;
    /** How many places have a value above the levels, but {@link #LAST}. */
    private int above;

    /**
     * Without places until {@link #fill}.
     *
     * @param size places are below this number
     * @param value the present value of a place, or {@link #ABSENT}
     */
    MemberLevels(int size, IntToLongFunction value) {
        this.size = size;
        this.value = value;
        // In proportion to the work of making them.
        levels = new PlaceSet[Math.max(FEWEST_LEVELS, Math.min(size, MOST_LEVELS))];
        used = new PlaceSet(levels.length);
        last = new PlaceSet(size);
    }

    /** Takes over the values of all places. */
    void fill() {
        for (int level = used.first(); level != NONE; level = used.after(level)) {
            levels[level] = null;
            used.remove(level);
        }
        last = new PlaceSet(size);
        above = 0;
        long lowest = LAST;
        for (int place = 0; place < size; place++) {
            long now = value.applyAsLong(place);
            lowest = now == ABSENT ? lowest : Math.min(lowest, now);
        }
        begin(lowest);
        for (int place = 0; place < size; place++) {
            long now = value.applyAsLong(place);
            if (now != ABSENT) {
                put(place, now);
            }
        }
    }

    private void begin(long lowest) {
        long below = levels.length / BELOW;
        base = Math.max(lowest, Long.MIN_VALUE + below) - below;
    }

    private boolean hasLevel(long one) {
        return one >= base && Long.compareUnsigned(one - base, levels.length) < 0;
    }

    private void put(int place, long now) {
        if (now == LAST) {
            last.add(place);
        } else if (hasLevel(now)) {
            int level = (int) (now - base);
            if (levels[level] == null) {
                levels[level] = new PlaceSet(size);
            }
            levels[level].add(place);
            used.add(level);
        } else {
            above++;
        }
    }

    /** Adds a place, whose value is this one already. */
    void add(int place, long now) {
        if (now != LAST && above == 0 && used.isEmpty()) {
            begin(now);
        }
        if (now < base) {
            fill();
        } else {
            put(place, now);
        }
    }

    /** Removes a place, which has been added with this value. */
    void remove(int place, long before) {
        if (before == LAST) {
            last.remove(place);
        } else if (hasLevel(before)) {
            int level = (int) (before - base);
            levels[level].remove(place);
            if (levels[level].isEmpty()) {
                used.remove(level);
            }
        } else {
            above--;
        }
    }

    /** The first place in order, or {@link #NONE}. */
    int first() {
        if (above > 0 && used.isEmpty()) {
            fill();
        }
        return used.isEmpty() ? last.first() : levels[used.first()].first();
    }

    /** The first places in order, at most {@code count}. */
    int[] first(int count) {
        int[] order = new int[count];
        int found = 0;
        for (int level = used.first(); level != NONE && found < count; level = used.after(level)) {
            found = copy(levels[level], order, found);
        }
        if (found < count && above > 0) {
            int[] rest = firstAbove(count - found);
            System.arraycopy(rest, 0, order, found, rest.length);
            found += rest.length;
        }
        return Arrays.copyOf(order, copy(last, order, found));
    }

    private static int copy(PlaceSet places, int[] order, int from) {
        int found = from;
        for (int place = places.first(); place != NONE && found < order.length; place = places.after(place)) {
            order[found++] = place;
        }
        return found;
    }

    /** The first places with values above the levels. */
    private int[] firstAbove(int count) {
        Comparator<Integer> order =
                Comparator.<Integer>comparingLong(value::applyAsLong).thenComparing(Comparator.naturalOrder());
        PriorityQueue<Integer> lastFirst = new PriorityQueue<>(order.reversed());
        for (int place = 0; place < size; place++) {
            long now = value.applyAsLong(place);
            boolean isAbove = now != ABSENT && now != LAST && !hasLevel(now);
            if (isAbove && lastFirst.size() < count) {
                lastFirst.add(place);
            } else if (isAbove && now < value.applyAsLong(lastFirst.element())) {
                lastFirst.remove();
                lastFirst.add(place);
            }
        }
        return lastFirst.stream().sorted(order).mapToInt(Integer::intValue).toArray();
    }
}
