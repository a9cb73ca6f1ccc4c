package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Selects by a figure as {@link RankedSelection} does, but keeps the values: a selection reads those that have changed. If
 * few change at a time, such as calls in flight, the usable members are kept in ascending order, equal ones in the set's
 * order. If all change at once, such as the figures of the last seconds, only the first one is looked for. Used by
 * the set's actor only.
 */
final class FigureOrder {
    private static final int NONE = MemberLevels.NONE;
    private static final int[] NOTHING = {};

    private final FigureRanking ranking;
    private final IntConsumer read = this::read;
    private SetView view;
    private int size;
    private LongSupplier[] readers;
    private FigureChanges changes;
    /** Of all members, usable or not. */
    private long[] values = {};
    /** The usable members, if {@link #ordered}. */
    private MemberLevels levels = new MemberLevels(0, this::value);

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
        order();
        int[] order = levels.first(Math.min(size, Math.max(1, flags.most())));
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
            levels = new MemberLevels(size, this::value);
        }
        boolean same = now == view;
        view = now;
        ordered &= same;
        boolean known = changes.take(read);
        if (!known) {
            for (int i = 0; i < size; i++) {
                values[i] = readers[i].getAsLong();
            }
            ordered = false;
        }
        if (ordered) {
            first = levels.first();
        } else if (!known || !same) {
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
        order();
        values[place] = value;
        if (view.isActive(place)) {
            levels.remove(place, before);
            levels.add(place, value);
        }
    }

    /** Puts the usable members in order, if they are not. */
    private void order() {
        if (!ordered) {
            levels.fill();
            ordered = true;
        }
    }

    private long value(int place) {
        return view.isActive(place) ? values[place] : MemberLevels.ABSENT;
    }
}
