package org.sipdispatch.relay;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** One lane's counters: written by the lane alone, read by anybody. */
public final class LaneCounters {
    private final AtomicLongArray counts = new AtomicLongArray(Counter.values().length);
    private final AtomicLong pending = new AtomicLong();

    /** Counts one; on the lane's thread only. */
    public void add(Counter counter) {
        add(counter, 1);
    }

    /** Counts some; on the lane's thread only. */
    public void add(Counter counter, long more) {
        int at = counter.ordinal();
        counts.lazySet(at, counts.getPlain(at) + more);
    }

    /** One transaction more, or less, that has no final answer yet; on the lane's thread only. */
    void addPending(int more) {
        pending.lazySet(pending.getPlain() + more);
    }

    /** How many transactions have no final answer yet. */
    public long pending() {
        return pending.get();
    }

    public long get(Counter counter) {
        return counts.get(counter.ordinal());
    }
}
