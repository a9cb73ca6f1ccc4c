package org.sipdispatch.observation;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.sipdispatch.transaction.SendFailure;

/** The counters of one lane. Written on the lane's thread only; readable on any thread. */
public final class LaneCounters {
    /** The maximum number of destinations with counters of their own. */
    private static final int MOST_DESTINATIONS = 50_000;

    private final AtomicLongArray counts = new AtomicLongArray(LaneCounter.values().length);
    private final AtomicLongArray failures = new AtomicLongArray(SendFailure.values().length);
    private final AtomicLong pending = new AtomicLong();
    private final DestinationCounterTable destinations = new DestinationCounterTable(MOST_DESTINATIONS);
    private final Limits limits;
    private volatile OverloadState overload = OverloadState.NORMAL;

    /** {@code limits}: the limits of the node, shared by all its lanes. */
    public LaneCounters(Limits limits) {
        this.limits = limits;
    }

    /** How often each limit was reached. */
    public Limits limits() {
        return limits;
    }

    /** Increments a counter. On the lane's thread only. */
    public void add(LaneCounter counter) {
        add(counter, 1);
    }

    /** Adds to a counter. On the lane's thread only. */
    public void add(LaneCounter counter, long more) {
        int at = counter.ordinal();
        counts.lazySet(at, counts.getPlain(at) + more);
    }

    /** Counts a message that could not be sent. On the lane's thread only. */
    void add(SendFailure why) {
        int at = why.ordinal();
        failures.lazySet(at, failures.getPlain(at) + 1);
    }

    /** Changes the number of transactions without a final response. On the lane's thread only. */
    public void addPending(int more) {
        pending.lazySet(pending.getPlain() + more);
    }

    /** The number of transactions without a final response. */
    public long pending() {
        return pending.get();
    }

    public long get(LaneCounter counter) {
        return counts.get(counter.ordinal());
    }

    /** The number of messages that could not be sent for this reason. */
    public long get(SendFailure why) {
        return failures.get(why.ordinal());
    }

    /** Sets whether the lane sheds new requests. */
    public void setOverload(OverloadState state) {
        overload = state;
    }

    /** Whether the lane sheds new requests. */
    public OverloadState overload() {
        return overload;
    }

    /** The counters of each destination. */
    public DestinationCounterTable destinations() {
        return destinations;
    }

    /** The traffic to each destination, summed over the lanes. Omits destinations without traffic. */
    public static List<DestinationTraffic> destinations(Collection<LaneCounters> lanes) {
        Map<String, DestinationTraffic> byId = new LinkedHashMap<>();
        lanes.forEach(lane ->
                lane.destinations.forEach(one -> byId.merge(one.destination().id(), one, DestinationTraffic::plus)));
        return List.copyOf(byId.values());
    }

    /** The number of active calls on this lane. */
    public long openCalls() {
        return destinations.openCalls();
    }

    /** The number of INVITEs that this lane sent and that have no final response. */
    public long ringing() {
        return destinations.ringing();
    }

    /** The number of active calls of that destination on this lane. */
    public int openCalls(String id) {
        return destinations.openCalls(id);
    }

    /** The number of INVITEs that this lane sent to that destination and that have no final response. */
    public int ringing(String id) {
        return destinations.ringing(id);
    }
}
