package org.sipdispatch.sets;

import java.util.List;

/** What a question to a set belongs to: it goes with {@link SetActor.Select} and comes back with {@link SetActor.Selected}. */
public interface SelectContext {
    /** The place of the set among those that are asked for one request, from 0. */
    int place();

    /** Records why the set chooses as it does; {@link SelectTrace#NONE} where nobody asks. */
    SelectTrace trace();

    /** Takes the answer: the destinations to try, best first; empty if none is usable. */
    void selected(List<Destination> candidates);
}
