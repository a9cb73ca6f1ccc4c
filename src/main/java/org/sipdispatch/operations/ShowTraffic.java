package org.sipdispatch.operations;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.observation.Counter;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.transport.SipLanes;

/** Shows the traffic of this node since its start. */
public final class ShowTraffic {
    private final OperationContext context;

    ShowTraffic(OperationContext context) {
        this.context = context;
    }

    /**
     * The traffic counters.
     *
     * @param atMs the time of the query, in milliseconds since 1970
     * @param pending the number of transactions without a final response
     * @param destinations the destinations that had traffic
     */
    public record TrafficCounters(
            long atMs, Map<Counter, Long> counters, long pending, List<DestinationTraffic> destinations) {}

    /** Refused before the node accepts calls. */
    public TrafficCounters answer() {
        SipLanes traffic = context.traffic();
        Map<Counter, Long> counters = new EnumMap<>(Counter.class);
        for (Counter counter : Counter.values()) {
            counters.put(counter, traffic.count(counter));
        }
        return new TrafficCounters(System.currentTimeMillis(), counters, traffic.pending(), traffic.destinations());
    }
}
