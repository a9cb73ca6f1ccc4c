package org.sipdispatch.manage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.sipdispatch.desk.ListDestinations;

/**
 * Which destinations somebody who looks on has not been told of, whatever happened to them meanwhile: never more than
 * there are. Thread-safe.
 */
final class Watch {
    private final Place place;
    private final Runnable awake;
    private final Set<String> untold = new LinkedHashSet<>();
    private boolean fresh = true;
    private boolean redefined;

    /** {@code awake}: told that there is something to tell. */
    Watch(Place place, Runnable awake) {
        this.place = place;
        this.awake = awake;
    }

    /** These changed of all those; whoever is new wants all. */
    synchronized void changed(Set<String> all, Collection<String> changed, boolean newDefinitions) {
        untold.addAll(fresh ? all : changed);
        redefined |= newDefinitions && !fresh;
        fresh = false;
        if (newDefinitions) {
            untold.retainAll(all);
        }
        awake.run();
    }

    /** Whether it has been told nothing yet. */
    synchronized boolean isFresh() {
        return fresh;
    }

    /**
     * What these have become, so many at most.
     *
     * @param newest what is known now; asked when it is settled of which destinations, so that none is told as it was
     *     before the change that is taken for told
     */
    synchronized List<ListDestinations.Row> take(Supplier<Map<String, ListDestinations.Row>> newest, int most) {
        Map<String, ListDestinations.Row> seen = newest.get();
        List<ListDestinations.Row> rows = new ArrayList<>();
        for (Iterator<String> ids = untold.iterator(); ids.hasNext() && rows.size() < most; ) {
            ListDestinations.Row row = seen.get(ids.next());
            ids.remove();
            if (row != null && place.holds(row)) {
                rows.add(row);
            }
        }
        return rows;
    }

    /** Whether there were other definitions since this was asked last. */
    synchronized boolean takeRedefined() {
        boolean was = redefined;
        redefined = false;
        return was;
    }
}
