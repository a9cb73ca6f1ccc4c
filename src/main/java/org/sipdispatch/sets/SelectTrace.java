package org.sipdispatch.sets;

import java.util.List;

/** Accompanies a selection. This one, {@link #NONE}, records nothing; {@link RecordingTrace} records the reasons. */
public class SelectTrace {
    public static final SelectTrace NONE = new SelectTrace();

    SelectTrace() {}

    /** Selects; the round robins of {@code cursor} move. */
    List<Destination> select(SetView view, RoundRobinState cursor, SetActor.Select query) {
        return Selection.select(view, cursor, query.algorithm(), query.hash(), query.flags());
    }
}
