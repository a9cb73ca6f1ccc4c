package org.sipdispatch.operations;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.observation.Counter;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.transport.SipLanes;

/** What this node's traffic did since the start. */
public final class ShowTraffic {
    private final OperationContext here;

    ShowTraffic(OperationContext here) {
        this.here = here;
    }

    /**
     * The answer.
     *
     * @param atMs when it was so, in milliseconds since 1970
     * @param pending transactions without a final answer
     * @param destinations those that had any
     */
    public record View(long atMs, Map<Counter, Long> counters, long pending, List<DestinationTraffic> destinations) {}

    /** Refused before calls are taken. */
    public View answer() {
        SipLanes traffic = here.traffic();
        Map<Counter, Long> counters = new EnumMap<>(Counter.class);
        for (Counter counter : Counter.values()) {
            counters.put(counter, traffic.count(counter));
        }
        return new View(System.currentTimeMillis(), counters, traffic.pending(), traffic.destinations());
    }
}
