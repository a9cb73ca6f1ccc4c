package org.sipdispatch.transport;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.sipdispatch.proxy.DestinationIndex;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/** The newest views of a node, and the index of their destinations for all lanes. Thread-safe. */
final class IndexedViews {
    private Map<SetId, SetView> views = new HashMap<>();
    private DestinationIndex index = DestinationIndex.EMPTY;

    /** Sets the views of all sets and returns their index: the same object as before if all members are the same. */
    synchronized DestinationIndex replace(Collection<SetView> all) {
        boolean isMissing = all.size() != views.size();
        Map<SetId, SetView> before = views;
        views = new HashMap<>();
        return put(all, before, isMissing);
    }

    /** The same for some sets; the others stay unchanged. */
    synchronized DestinationIndex update(Collection<SetView> some) {
        return put(some, views, false);
    }

    private DestinationIndex put(Collection<SetView> some, Map<SetId, SetView> before, boolean isMissing) {
        boolean isOther = isMissing;
        for (SetView view : some) {
            SetView known = before.get(view.id());
            isOther |= known == null || !view.hasMembersOf(known);
            views.put(view.id(), view);
        }
        index = isOther ? DestinationIndex.of(views.values()) : index;
        return index;
    }
}
