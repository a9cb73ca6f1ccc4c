package org.sipdispatch.operations;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipdispatch.cluster.Cluster;
import org.sipdispatch.limits.LimitUse;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.OverloadState;
import org.sipdispatch.replication.DataChecksum;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.SourceState;
import org.sipdispatch.sets.QualityCounts;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.TrafficShare;
import org.sipdispatch.transport.SipLanes;

/** The state of this node, and its traffic. */
public final class NodeQueries {
    private final OperationContext context;
    private final Maintenance maintenance;

    NodeQueries(OperationContext context, Maintenance maintenance) {
        this.context = context;
        this.maintenance = maintenance;
    }

    /**
     * The state of this node.
     *
     * @param member whether the node is a member of the cluster; if not, it dispatches with the last known view
     * @param suspects the sets whose destinations all failed here at once, which indicates a fault of this node's
     *     network path
     * @param overload whether the node sheds new requests
     * @param members all nodes of the cluster, as this node sees them
     * @param owned the number of destination actors of each node, by the node's address
     * @param data the checksums of the definitions that the nodes use, by the node's address
     * @param maintenance the addresses of the nodes that are in maintenance, also of nodes that have left
     */
    public record NodeDetails(
            String address,
            boolean listening,
            boolean member,
            List<String> suspects,
            OverloadState overload,
            List<ClusterMember> members,
            Map<String, Long> owned,
            Map<String, DataChecksum> data,
            Set<String> maintenance) {}

    public NodeDetails show() {
        List<ClusterMember> members = context.cluster().members();
        List<String> suspects = context.hasTraffic()
                ? context.traffic().suspects().stream()
                        .map(SetId::toString)
                        .sorted()
                        .toList()
                : List.of();
        return new NodeDetails(
                context.cluster().address(),
                context.isListening(),
                context.cluster().isMember(),
                suspects,
                context.hasTraffic() ? context.traffic().overload() : OverloadState.NORMAL,
                members,
                owned(context.destinations(), members),
                context.changes().checksums(),
                maintenance.nodes(context.cluster().address()));
    }

    private static Map<String, Long> owned(DestinationsSnapshot known, List<ClusterMember> members) {
        Map<Long, Long> byNumber = known.destinations().stream()
                .filter(one -> one.status() != null)
                .collect(Collectors.groupingBy(one -> one.status().version().node(), Collectors.counting()));
        return members.stream()
                .collect(Collectors.toMap(
                        ClusterMember::address, node -> byNumber.getOrDefault(node.number(), 0L), Long::sum));
    }

    /** The addresses of the nodes that use other definitions than this node now. */
    public List<String> differingNodes() {
        return context.isStarted()
                ? DataChecksum.differing(
                        context.changes().checksums(), context.cluster().members())
                : List.of();
    }

    /** The states of the watched sources, by partition. */
    public Map<String, SourceState> sources() {
        return context.changes().sources();
    }

    /** The reasons why this node is not ready; empty if it is ready. */
    public List<String> reasonsNotReady() {
        if (!context.isStarted()) {
            return List.of("starting");
        } else if (!context.hasTraffic()) {
            return context.cluster().awaited().stream()
                    .map(step -> "starting: " + step)
                    .toList();
        }
        return reasons(context.cluster(), context.destinations().revision());
    }

    private List<String> reasons(Cluster cluster, long revision) {
        List<String> reasons = new ArrayList<>();
        if (!context.isListening()) {
            reasons.add("takes no calls");
        }
        MaintenanceOrder order = maintenance.order();
        if (order != null) {
            reasons.add("maintenance: ordered by " + order.who()
                    + (order.why().isEmpty() ? "" : " (" + order.why() + ")")
                    + "; this node takes no new calls until sip-dispatcher maintenance off");
        }
        context.traffic()
                .full()
                .forEach(limit -> reasons.add(
                        "full: " + limit.setting() + " is reached, so that requests or connections are refused"));
        if (cluster.isStale()) {
            reasons.add(
                    "stale: this node was paused, and the other nodes have not confirmed its membership yet; new calls"
                            + " wait for that, and get 503 if it takes too long");
        }
        if (!cluster.isMember()) {
            reasons.add("not in the cluster"
                    + (cluster.isStale() ? "" : ": this node dispatches with the last known states"));
        } else if (revision == 0) {
            reasons.add("no definitions");
        }
        return reasons;
    }

    /**
     * The traffic counters.
     *
     * @param atMs the time of the query, in milliseconds since 1970
     * @param pending the number of transactions without a final response
     * @param destinations the destinations that had traffic
     * @param quality what became of the calls of all nodes in the last minutes, by the destination's id
     * @param shares the destinations that get only a part of their requests, by id
     */
    public record TrafficCounters(
            long atMs,
            Map<LaneCounter, Long> counters,
            long pending,
            List<DestinationTraffic> destinations,
            Map<String, QualityCounts> quality,
            Map<String, TrafficShare> shares) {}

    /** Refused before the node accepts calls. */
    public TrafficCounters traffic() {
        SipLanes traffic = context.traffic();
        Map<LaneCounter, Long> counters = new EnumMap<>(LaneCounter.class);
        for (LaneCounter counter : LaneCounter.values()) {
            counters.put(counter, traffic.count(counter));
        }
        return new TrafficCounters(
                System.currentTimeMillis(),
                counters,
                traffic.pending(),
                traffic.destinations(),
                traffic.quality().all(),
                traffic.shares());
    }

    /** The limits of calls, and what this node uses of them; none before the node accepts calls. */
    public List<LimitUse> limits() {
        return context.hasTraffic() ? context.traffic().limitUses() : List.of();
    }

    /**
     * How often each destination was the first choice for a request, {@code first_hit_counter}: the counts by
     * destination id, for this node since its start. A missing destination was never the first choice.
     */
    public Map<String, Long> firstHits() {
        return !context.hasTraffic()
                ? Map.of()
                : context.traffic().destinations().stream()
                        .collect(Collectors.toMap(
                                one -> one.destination().id(), DestinationTraffic::firstHits, Long::sum));
    }
}
