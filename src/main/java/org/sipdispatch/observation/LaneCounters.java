package org.sipdispatch.observation;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.sipdispatch.transaction.SendFailure;

/** One lane's counters: written by the lane alone, read by anybody. */
public final class LaneCounters {
    /** More destinations than this are not counted one by one. */
    private static final int MOST_DESTINATIONS = 50_000;

    private final AtomicLongArray counts = new AtomicLongArray(Counter.values().length);
    private final AtomicLongArray failures = new AtomicLongArray(SendFailure.values().length);
    private final AtomicLong pending = new AtomicLong();
    private final DestinationCounterTable destinations = new DestinationCounterTable(MOST_DESTINATIONS);
    private final Limits limits;

    public LaneCounters() {
        this(new Limits());
    }

    /** {@code limits}: those of the node, which all its lanes share. */
    public LaneCounters(Limits limits) {
        this.limits = limits;
    }

    /** How often each limit was reached. */
    public Limits limits() {
        return limits;
    }

    /** Counts one; on the lane's thread only. */
    public void add(Counter counter) {
        add(counter, 1);
    }

    /** Counts some; on the lane's thread only. */
    public void add(Counter counter, long more) {
        int at = counter.ordinal();
        counts.lazySet(at, counts.getPlain(at) + more);
    }

    /** Counts a message that could not be sent; on the lane's thread only. */
    void add(SendFailure why) {
        int at = why.ordinal();
        failures.lazySet(at, failures.getPlain(at) + 1);
    }

    /** One transaction more, or less, that has no final answer yet; on the lane's thread only. */
    public void addPending(int more) {
        pending.lazySet(pending.getPlain() + more);
    }

    /** How many transactions have no final answer yet. */
    public long pending() {
        return pending.get();
    }

    public long get(Counter counter) {
        return counts.get(counter.ordinal());
    }

    /** How many messages could not be sent for that cause. */
    public long get(SendFailure why) {
        return failures.get(why.ordinal());
    }

    /** What is counted of each destination. */
    public DestinationCounterTable destinations() {
        return destinations;
    }

    /** What traffic did at each destination on all these lanes together, without those that had none. */
    public static List<DestinationTraffic> destinations(Collection<LaneCounters> lanes) {
        Map<String, DestinationTraffic> byId = new LinkedHashMap<>();
        lanes.forEach(lane ->
                lane.destinations.forEach(one -> byId.merge(one.destination().id(), one, DestinationTraffic::plus)));
        return List.copyOf(byId.values());
    }

    /** How many calls go on at that destination on this lane. */
    public int openCalls(String id) {
        return destinations.openCalls(id);
    }

    /** How many INVITEs this lane sent to that destination that have no final answer yet. */
    public int ringing(String id) {
        return destinations.ringing(id);
    }
}
