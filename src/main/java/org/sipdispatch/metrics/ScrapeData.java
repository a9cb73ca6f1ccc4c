package org.sipdispatch.metrics;

import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.sipdispatch.limits.LimitUse;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.observation.Handshakes;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.OverloadState;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.NodeMaintenance;
import org.sipdispatch.replication.SourceState;
import org.sipdispatch.sets.TrafficShare;
import org.sipdispatch.tls.CertificateInUse;
import org.sipdispatch.transaction.SendFailure;

/**
 * The data of one scrape.
 *
 * @param traffic this node's traffic counters by destination
 * @param shares the destinations that get only a part of their requests, by id
 * @param limits the limits of calls, and what this node uses of them
 */
record ScrapeData(
        DestinationsSnapshot known,
        List<DestinationTraffic> traffic,
        Map<String, TrafficShare> shares,
        List<LimitUse> limits,
        ProbeCounts probes,
        NodeData node) {
    /**
     * The data of the node itself.
     *
     * @param failures messages that could not be sent, by cause
     * @param pending transactions without a final response
     * @param members the nodes of the cluster as this node sees them
     * @param sources the states of the watched sources, by partition
     * @param differing how many of them use other definitions than this node
     * @param member whether this node is in the cluster
     * @param ready whether this node should receive calls
     * @param figures the number of values of each pushed figure
     * @param certificates those that this node presents
     * @param refusedCertificates whether the newest files are refused, by the block that names them
     * @param overload whether this node sheds new requests
     */
    record NodeData(
            ToLongFunction<LaneCounter> counts,
            ToLongFunction<SendFailure> failures,
            ToLongFunction<Limit> limits,
            Handshakes handshakes,
            long pending,
            int lanes,
            List<ClusterMember> members,
            int differing,
            Map<String, SourceState> sources,
            boolean member,
            boolean ready,
            Map<String, Integer> figures,
            List<CertificateInUse> certificates,
            Map<String, Boolean> refusedCertificates,
            OverloadState overload,
            MaintenanceData maintenance) {}

    /**
     * What concerns the maintenance of nodes.
     *
     * @param on whether this node is in maintenance
     * @param byNode the states of all nodes by their addresses
     * @param calls the number of active calls through this node
     * @param ringing the number of INVITEs that this node sent statefully and that have no final response
     */
    record MaintenanceData(boolean on, Map<String, NodeMaintenance> byNode, long calls, long ringing) {
        static final MaintenanceData NONE = new MaintenanceData(false, Map.of(), 0, 0);
    }

    /** For a node that has not started. */
    static ScrapeData empty() {
        return new ScrapeData(
                DestinationsSnapshot.EMPTY,
                List.of(),
                Map.of(),
                List.of(),
                new ProbeCounts(),
                new NodeData(
                        counter -> 0,
                        why -> 0,
                        limit -> 0,
                        new Handshakes(),
                        0,
                        0,
                        List.of(),
                        0,
                        Map.of(),
                        false,
                        false,
                        Map.of(),
                        List.of(),
                        Map.of(),
                        OverloadState.NORMAL,
                        MaintenanceData.NONE));
    }
}
