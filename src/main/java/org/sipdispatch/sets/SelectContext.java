package org.sipdispatch.sets;

import java.util.List;

/** The context of a selection: it is sent with {@link SetActor.Select} and returned with {@link SetActor.Selected}. */
public interface SelectContext {
    /** The index of the set among the sets that are asked for one request, from 0. */
    int place();

    /** The trace that records the reasons; {@link SelectTrace#NONE} if they are not needed. */
    SelectTrace trace();

    /** Receives the destinations to try, best first; empty if none is usable. */
    void selected(List<Destination> candidates);
}
