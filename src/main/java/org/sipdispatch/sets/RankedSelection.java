package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Selects by the values of a {@link Ranking}: the usable members in ascending order of their values, equal ones in the
 * set's order. OpenSIPS before 3.1 repeats the first one in the failover list and omits the last one; here the list has
 * each member once.
 */
final class RankedSelection {
    private static final int[] NOTHING = {};

    private final SetView set;
    private final SelectFlags flags;
    /** Null if the ranking failed. */
    private final long[] values;

    private final int[] order;

    RankedSelection(SetView set, Ranking ranking, SelectFlags flags) {
        this.set = set;
        this.flags = flags;
        values = set.isUsable() ? ranking.values(set, Picker.size(set, flags.reserve())) : null;
        order = values == null ? NOTHING : order();
    }

    /** Selects by a figure with the values that the state keeps: the same as {@link #take}. */
    static List<Destination> take(SetView set, FigureRanking ranking, SelectFlags flags, RoundRobinState cursor) {
        if (!set.isUsable()) {
            return List.of();
        }
        int[] order = cursor.order(ranking, flags.reserve())
                .order(set, Picker.size(set, flags.reserve()), Picker.reserve(set, flags.reserve()), flags);
        if (order.length == 0) {
            return List.of();
        }
        cursor.last = order[0];
        Destination[] candidates = new Destination[order.length];
        for (int i = 0; i < order.length; i++) {
            candidates[i] = set.member(order[i]);
        }
        return Arrays.asList(candidates);
    }

    private int[] order() {
        int reserve = Picker.reserve(set, flags.reserve());
        int first = first();
        if (first == Picker.NONE) {
            return reserve == Picker.NONE ? NOTHING : new int[] {reserve};
        } else if (!flags.failover()) {
            return new int[] {first};
        }
        IntStream sorted = IntStream.range(0, values.length)
                .filter(set::isActive)
                .boxed()
                .sorted((left, right) -> Long.compare(values[left], values[right]))
                .mapToInt(Integer::intValue)
                .limit(Math.max(1, flags.most()));
        boolean standIn = reserve >= values.length;
        IntStream all = standIn ? IntStream.concat(sorted, IntStream.of(reserve)) : sorted;
        return set.withStarting(all.toArray(), flags.most());
    }

    private int first() {
        int first = Picker.NONE;
        long smallest = Ranking.LAST;
        for (int i = 0; i < values.length; i++) {
            if (set.isActive(i) && values[i] < smallest) {
                smallest = values[i];
                first = i;
            }
        }
        return first;
    }

    /** The candidates, best first; records the first one as the last pick of the set, as all algorithms do. */
    List<Destination> take(RoundRobinState cursor) {
        if (order.length > 0) {
            cursor.last = order[0];
        }
        return Arrays.stream(order).mapToObj(set::member).toList();
    }

    boolean isFailed() {
        return values == null && set.isUsable();
    }

    /** The member's value as text; empty if it has none, as the reserve. */
    String value(int place) {
        if (values == null || place >= values.length) {
            return "";
        }
        return values[place] == Ranking.LAST ? "negative" : Long.toString(values[place]);
    }

    /** The indexes of the candidates, best first. */
    List<Integer> places() {
        return Arrays.stream(order).boxed().toList();
    }
}
