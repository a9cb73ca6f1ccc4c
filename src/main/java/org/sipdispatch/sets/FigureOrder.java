package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Selects by a figure as {@link RankedSelection} does, but keeps the values: a selection reads those that have changed. If
 * few change at a time, such as calls in flight, a heap keeps the usable members in ascending order, equal ones in the
 * set's order. If all change at once, such as the figures of the last seconds, only the first one is looked for. Used by
 * the set's actor only.
 */
final class FigureOrder {
    private static final int NONE = -1;
    private static final int[] NOTHING = {};

    private final FigureRanking ranking;
    private final IntConsumer read = this::read;
    private SetView view;
    private int size;
    private LongSupplier[] readers;
    private FigureChanges changes;
    /** Of all members, usable or not. */
    private long[] values = {};
    /** The usable members if {@link #ordered}, as a binary heap. */
    private int[] heap = {};
    /** Where each member is in the heap; -1 for one that is not usable. */
    private int[] positions = {};

    private int usable;
    private boolean ordered;
    /** The first usable member; {@link #NONE} if none is usable. */
    private int first = NONE;

    FigureOrder(FigureRanking ranking) {
        this.ranking = ranking;
    }

    /**
     * The indexes of the candidates in this view, best first.
     *
     * @param members how many members take part, from the first one
     * @param reserve the index of the reserve; -1 for none
     */
    int[] order(SetView now, int members, int reserve, SelectFlags flags) {
        use(now, members);
        if (first == NONE || values[first] == Ranking.LAST) {
            return reserve == NONE ? NOTHING : new int[] {reserve};
        } else if (!flags.failover()) {
            return new int[] {first};
        }
        int[] order = smallest(Math.min(usable(), Math.max(1, flags.most())));
        if (reserve >= size) {
            order = Arrays.copyOf(order, order.length + 1);
            order[order.length - 1] = reserve;
        }
        return now.withStarting(order, flags.most());
    }

    private void use(SetView now, int members) {
        if (view == null || members != size || !now.hasMembersOf(view)) {
            size = members;
            readers = ranking.readers(now);
            changes = ranking.facts().changes(ranking.figure(), now.members());
            values = new long[size];
            heap = new int[size];
            positions = new int[size];
        }
        boolean same = now == view;
        view = now;
        boolean known = changes.take(read);
        if (!known) {
            for (int i = 0; i < size; i++) {
                values[i] = readers[i].getAsLong();
            }
        }
        if (!known || !same) {
            ordered = false;
            first = lowest();
        }
    }

    private int lowest() {
        int lowest = NONE;
        for (int i = 0; i < size; i++) {
            if (view.isActive(i) && (lowest == NONE || values[i] < values[lowest])) {
                lowest = i;
            }
        }
        return lowest;
    }

    /** Reads the value of one member again. */
    private void read(int place) {
        if (place >= size) {
            return;
        }
        long before = values[place];
        long value = readers[place].getAsLong();
        if (value == before) {
            return;
        }
        usable();
        values[place] = value;
        int at = positions[place];
        if (at >= 0 && value < before) {
            rise(at, place);
        } else if (at >= 0) {
            sink(at, place);
        }
        first = usable == 0 ? NONE : heap[0];
    }

    /** How many members are usable; puts them in order first. */
    private int usable() {
        if (!ordered) {
            usable = 0;
            for (int i = 0; i < size; i++) {
                positions[i] = view.isActive(i) ? usable : -1;
                if (view.isActive(i)) {
                    heap[usable++] = i;
                }
            }
            for (int at = usable / 2 - 1; at >= 0; at--) {
                sink(at, heap[at]);
            }
            ordered = true;
        }
        return usable;
    }

    private boolean isBefore(int one, int other) {
        return values[one] != values[other] ? values[one] < values[other] : one < other;
    }

    private void rise(int from, int place) {
        int at = from;
        while (at > 0 && isBefore(place, heap[(at - 1) / 2])) {
            put(at, heap[(at - 1) / 2]);
            at = (at - 1) / 2;
        }
        put(at, place);
    }

    private void sink(int from, int place) {
        int at = from;
        int child = firstChild(at);
        while (child < usable && isBefore(heap[child], place)) {
            put(at, heap[child]);
            at = child;
            child = firstChild(at);
        }
        put(at, place);
    }

    /** Where the first one of the two below is; {@link #usable} or more if there is none. */
    private int firstChild(int at) {
        int child = 2 * at + 1;
        return child + 1 < usable && isBefore(heap[child + 1], heap[child]) ? child + 1 : child;
    }

    private void put(int at, int place) {
        heap[at] = place;
        positions[place] = at;
    }

    /** The first {@code count} members in order: each is the first one of those below the ones before it. */
    private int[] smallest(int count) {
        int[] order = new int[count];
        PriorityQueue<Integer> next = new PriorityQueue<>((one, other) -> isBefore(heap[one], heap[other]) ? -1 : 1);
        next.add(0);
        for (int i = 0; i < count; i++) {
            int at = next.remove();
            order[i] = heap[at];
            for (int child = 2 * at + 1; child <= 2 * at + 2 && child < usable; child++) {
                next.add(child);
            }
        }
        return order;
    }
}
