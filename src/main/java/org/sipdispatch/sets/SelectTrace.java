package org.sipdispatch.sets;

import java.util.List;

/** Observes a selection. {@link #NONE} records nothing; {@link RecordingTrace} records the reasons. */
public class SelectTrace {
    public static final SelectTrace NONE = new SelectTrace();

    SelectTrace() {}

    /** Selects candidates and advances {@code cursor}. */
    List<Destination> select(SetView view, RoundRobinState cursor, SetActor.Select query) {
        return Selection.select(view, cursor, query.algorithm(), query.hash(), query.flags());
    }

    /** The same by the values of a ranking. */
    List<Destination> rank(SetView view, RoundRobinState cursor, SetActor.Rank query) {
        return new RankedSelection(view, query.ranking(), query.flags()).take(cursor);
    }
}
