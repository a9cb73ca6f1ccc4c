package org.sipdispatch.observation;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.ToLongFunction;

/** Finds the counters of one destination in each lane, and remembers where they are. Thread-safe. */
final class DestinationLaneCounters {
    private final List<LaneCounters> lanes;
    private final String id;
    /** The last result in each lane. */
    private final AtomicReferenceArray<DestinationCounterTable.SearchResult> results;

    DestinationLaneCounters(List<LaneCounters> lanes, String id) {
        this.lanes = lanes;
        this.id = id;
        results = new AtomicReferenceArray<>(lanes.size());
    }

    int size() {
        return results.length();
    }

    /** The sum of one counter over all lanes. */
    long sum(ToLongFunction<DestinationCounters> counter) {
        long sum = 0;
        for (int lane = 0; lane < size(); lane++) {
            DestinationCounters found = in(lane);
            sum += found == null ? 0 : counter.applyAsLong(found);
        }
        return sum;
    }

    /** The counters in that lane; null if the destination had no traffic there. */
    DestinationCounters in(int lane) {
        DestinationCounterTable.SearchResult previous = results.get(lane);
        DestinationCounterTable.SearchResult result =
                lanes.get(lane).destinations().find(id, previous);
        if (result != previous) {
            results.set(lane, result);
        }
        return result.found();
    }
}
