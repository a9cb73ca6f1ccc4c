package org.sipdispatch.sets;

import java.util.List;

/** Observes a selection. {@link #NONE} records nothing; {@link RecordingTrace} records the reasons. */
public class SelectTrace {
    public static final SelectTrace NONE = new SelectTrace();

    private static final SelectTrace UNMOVED = new SelectTrace() {
        @Override
        List<Destination> select(SetView view, RoundRobinState cursor, SetActor.Select query) {
            if (!query.algorithm().isHash()) {
                return super.select(view, cursor.copy(), query);
            }
            // A copy takes longer than the selection if the set is large, and a hash changes nothing else.
            int last = cursor.last;
            List<Destination> candidates = super.select(view, cursor, query);
            cursor.last = last;
            return candidates;
        }

        @Override
        List<Destination> rank(SetView view, RoundRobinState cursor, SetActor.Rank query) {
            int last = cursor.last;
            List<Destination> candidates = super.rank(view, cursor, query);
            cursor.last = last;
            return candidates;
        }
    };

    SelectTrace() {}

    /** The same trace for a selection that must not advance the round robin, because its pick is not used. */
    public SelectTrace unmoved() {
        return UNMOVED;
    }

    /** Selects candidates and advances {@code cursor}. */
    List<Destination> select(SetView view, RoundRobinState cursor, SetActor.Select query) {
        return Selection.select(view, cursor, query.algorithm(), query.hash(), query.flags());
    }

    /** The same by the values of a ranking. */
    List<Destination> rank(SetView view, RoundRobinState cursor, SetActor.Rank query) {
        return query.ranking() instanceof FigureRanking figure
                ? RankedSelection.take(view, figure, query.flags(), cursor)
                : new RankedSelection(view, query.ranking(), query.flags()).take(cursor);
    }
}
