package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The credits of {@link SmoothRoundRobin} in one view of a set. On each selection every member gains its weight; members
 * of the same weight gain the same, so their order changes only when one of them is selected. It then has less than all
 * that were selected before it, so it goes to the end of a queue. A selection compares the first ones of the queues of
 * all weights, so it takes the same time for any number of members with the same few weights.
 */
final class Turns {
    /** The result of {@link #next} if no member takes part. */
    static final int NONE = -1;

    private final SetView view;
    private final int size;
    /** What each member has at selection 0, by its index in the set. */
    private final long[] base;
    /** One for each weight. */
    private final Group[] groups;

    private final long sum;
    private long selections;

    /** The members of one weight: those that were selected in this view, and the others. Both are in order. */
    private static final class Group {
        private final long weight;
        /** Never changed. */
        private final int[] others;
        /** A ring. */
        private final int[] selected;

        private int nextOther;
        private int oldest;
        private int count;
        /** The first one of all. */
        private int first;
        /** What it has at selection 0. */
        private long most;

        /** {@code places}: the members, one at least; put in order here. */
        Group(long weight, int[] places, long[] base) {
            this.weight = weight;
            others = isInOrder(places, base) ? places : ordered(places, base);
            selected = new int[places.length];
            findFirst(base);
        }

        Group(Group other) {
            weight = other.weight;
            others = other.others;
            selected = other.selected.clone();
            nextOther = other.nextOther;
            oldest = other.oldest;
            count = other.count;
            first = other.first;
            most = other.most;
        }

        private static boolean isInOrder(int[] places, long[] base) {
            boolean inOrder = true;
            for (int i = 1; i < places.length && inOrder; i++) {
                inOrder = isBefore(places[i - 1], places[i], base);
            }
            return inOrder;
        }

        /** Members that were selected one after the other are in order already: this sort makes use of that. */
        private static int[] ordered(int[] places, long[] base) {
            return IntStream.of(places)
                    .boxed()
                    .sorted((one, other) -> isBefore(one, other, base) ? -1 : one.equals(other) ? 0 : 1)
                    .mapToInt(Integer::intValue)
                    .toArray();
        }

        private static boolean isBefore(int one, int other, long[] base) {
            return base[one] != base[other] ? base[one] > base[other] : one < other;
        }

        private void findFirst(long[] base) {
            boolean isOther =
                    nextOther < others.length && (count == 0 || isBefore(others[nextOther], selected[oldest], base));
            first = isOther ? others[nextOther] : selected[oldest];
            most = base[first];
        }

        /** The first one loses that much. */
        void select(long loss, long[] base) {
            if (nextOther < others.length && others[nextOther] == first) {
                nextOther++;
            } else {
                oldest = oldest + 1 == selected.length ? 0 : oldest + 1;
                count--;
            }
            base[first] -= loss;
            int end = oldest + count;
            selected[end < selected.length ? end : end - selected.length] = first;
            count++;
            findFirst(base);
        }
    }

    /**
     * Begins with these credits.
     *
     * @param size how many members take part, from the first one
     */
    Turns(SetView view, int size, long[] credits) {
        this.view = view;
        this.size = size;
        base = credits;
        boolean weighted = false;
        for (int i = 0; i < size && !weighted; i++) {
            weighted = view.isActive(i) && view.weight(i) > 0;
        }
        Map<Integer, IntStream.Builder> byWeight = new HashMap<>();
        long total = 0;
        for (int i = 0; i < size; i++) {
            int weight = weighted ? view.weight(i) : 1;
            if (view.isActive(i) && weight > 0) {
                byWeight.computeIfAbsent(weight, one -> IntStream.builder()).add(i);
                total += weight;
            }
        }
        sum = total;
        groups = byWeight.entrySet().stream()
                .map(one -> new Group(one.getKey(), one.getValue().build().toArray(), base))
                .toArray(Group[]::new);
    }

    private Turns(Turns other, long[] credits) {
        view = other.view;
        size = other.size;
        base = credits;
        groups = Arrays.stream(other.groups).map(Group::new).toArray(Group[]::new);
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
        Group best = null;
        long most = 0;
        for (Group group : groups) {
            long credit = group.most + group.weight * selections;
            if (best == null || credit > most || credit == most && group.first < best.first) {
                best = group;
                most = credit;
            }
        }
        if (best == null) {
            return NONE;
        }
        int picked = best.first;
        best.select(sum, base);
        return picked;
    }

    /** Turns the bases into the present credits; not to be used afterwards. */
    void end() {
        for (Group group : groups) {
            for (int place : group.others) {
                base[place] += group.weight * selections;
            }
        }
        selections = 0;
    }
}
