package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The credits of {@link SmoothRoundRobin} in one view of a set. On each selection every member gains its weight; members
 * of the same weight gain the same, so their order changes only when one of them is selected. For each weight there is a
 * heap of its members, with the one that has the most credit at the top. A selection compares only the tops, so it takes
 * the same time for any number of members with the same few weights.
 */
final class Turns {
    /** The result of {@link #next} if no member takes part. */
    static final int NONE = -1;

    private final SetView view;
    private final int size;
    /** What each member has at selection 0, by its index in the set. */
    private final long[] base;
    /** The members that take part, heap by heap. */
    private final int[] places;
    /** Where each heap begins, and the end of the last one. */
    private final int[] begins;
    /** The weight of each heap. */
    private final long[] weights;

    private final long sum;
    private long selections;

    /**
     * Begins with these credits.
     *
     * @param size how many members take part, from the first one
     */
    Turns(SetView view, int size, long[] credits) {
        this.view = view;
        this.size = size;
        base = credits;
        boolean weighted = IntStream.range(0, size).anyMatch(i -> view.isActive(i) && view.weight(i) > 0);
        long[] keys = IntStream.range(0, size)
                .filter(i -> view.isActive(i) && (!weighted || view.weight(i) > 0))
                .mapToLong(i -> (long) (weighted ? view.weight(i) : 1) << Integer.SIZE | i)
                .sorted()
                .toArray();
        places = Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
        begins = IntStream.rangeClosed(0, keys.length)
                .filter(i -> i == 0 || i == keys.length || keys[i] >> Integer.SIZE != keys[i - 1] >> Integer.SIZE)
                .toArray();
        weights = Arrays.stream(begins, 0, begins.length - 1)
                .mapToLong(begin -> keys[begin] >> Integer.SIZE)
                .toArray();
        sum = Arrays.stream(keys).map(key -> key >> Integer.SIZE).sum();
        for (int heap = 0; heap < weights.length; heap++) {
            for (int i = (begins[heap + 1] - begins[heap]) / 2 - 1; i >= 0; i--) {
                sink(heap, i);
            }
        }
    }

    private Turns(Turns other, long[] credits) {
        view = other.view;
        size = other.size;
        base = credits;
        places = other.places.clone();
        begins = other.begins;
        weights = other.weights;
        sum = other.sum;
        selections = other.selections;
    }

    /** An independent copy. */
    Turns copy(long[] credits) {
        return new Turns(this, credits);
    }

    boolean isOf(SetView other, int members) {
        return view == other && size == members;
    }

    /** The member with the most credit, of equal ones the first. */
    int next() {
        selections++;
        int best = NONE;
        long most = 0;
        for (int heap = 0; heap < weights.length; heap++) {
            int top = places[begins[heap]];
            long credit = base[top] + weights[heap] * selections;
            int other = best == NONE ? top : places[begins[best]];
            if (best == NONE || credit > most || credit == most && top < other) {
                best = heap;
                most = credit;
            }
        }
        if (best == NONE) {
            return NONE;
        }
        int picked = places[begins[best]];
        base[picked] -= sum;
        sink(best, 0);
        return picked;
    }

    /** Turns the bases into the present credits; not to be used afterwards. */
    void end() {
        for (int heap = 0; heap < weights.length; heap++) {
            for (int i = begins[heap]; i < begins[heap + 1]; i++) {
                base[places[i]] += weights[heap] * selections;
            }
        }
        selections = 0;
    }

    private boolean isBefore(int one, int other) {
        return base[one] != base[other] ? base[one] > base[other] : one < other;
    }

    private void sink(int heap, int from) {
        int begin = begins[heap];
        int count = begins[heap + 1] - begin;
        int at = from;
        while (2 * at + 1 < count) {
            int child = 2 * at + 1;
            if (child + 1 < count && isBefore(places[begin + child + 1], places[begin + child])) {
                child++;
            }
            if (isBefore(places[begin + at], places[begin + child])) {
                return;
            }
            int place = places[begin + at];
            places[begin + at] = places[begin + child];
            places[begin + child] = place;
            at = child;
        }
    }
}
