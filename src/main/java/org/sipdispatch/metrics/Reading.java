package org.sipdispatch.metrics;

import java.util.List;
import java.util.function.ToLongFunction;
import org.sipdispatch.cluster.ClusterMember;
import org.sipdispatch.cluster.DestinationsSnapshot;
import org.sipdispatch.relay.Counter;
import org.sipdispatch.relay.DestinationTraffic;
import org.sipdispatch.relay.Limit;
import org.sipdispatch.relay.SendFailure;

/**
 * All that one scrape tells, read at its time.
 *
 * @param traffic what this node's traffic did at each destination
 */
record Reading(DestinationsSnapshot known, List<DestinationTraffic> traffic, ProbeCounts probes, OfNode node) {
    /**
     * What is told of the node itself.
     *
     * @param failures how many messages could not be sent, by cause
     * @param pending transactions without a final answer
     * @param members the nodes of the cluster, as this one sees them
     * @param member whether this node is in the cluster
     * @param ready whether it should be sent calls
     */
    record OfNode(
            ToLongFunction<Counter> counts,
            ToLongFunction<SendFailure> failures,
            ToLongFunction<Limit> limits,
            long pending,
            int lanes,
            List<ClusterMember> members,
            boolean member,
            boolean ready) {}

    /** Of a node that has not begun. */
    static Reading nothing() {
        return new Reading(
                DestinationsSnapshot.EMPTY,
                List.of(),
                new ProbeCounts(),
                new OfNode(counter -> 0, why -> 0, limit -> 0, 0, 0, List.of(), false, false));
    }
}
