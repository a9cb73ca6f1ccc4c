package org.sipdispatch.operations;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.SetId;

/** Shows this node, and the cluster as this node sees it. */
public final class ShowNode {
    private final OperationContext context;

    ShowNode(OperationContext context) {
        this.context = context;
    }

    /**
     * The state of this node.
     *
     * @param member whether the node is a member of the cluster; if not, it dispatches with the last known view
     * @param suspects the sets whose destinations all failed here at once, which indicates a fault of this node's
     *     network path
     * @param members all nodes of the cluster, as this node sees them
     * @param owned the number of destination actors of each node, by the node's address
     */
    public record NodeDetails(
            String address,
            boolean listening,
            boolean member,
            List<String> suspects,
            List<ClusterMember> members,
            Map<String, Long> owned) {}

    public NodeDetails answer() {
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
                members,
                owned(context.destinations(), members));
    }

    private static Map<String, Long> owned(DestinationsSnapshot known, List<ClusterMember> members) {
        Map<Long, Long> byNumber = known.destinations().stream()
                .filter(one -> one.status() != null)
                .collect(Collectors.groupingBy(one -> one.status().version().node(), Collectors.counting()));
        return members.stream()
                .collect(Collectors.toMap(
                        ClusterMember::address, node -> byNumber.getOrDefault(node.number(), 0L), Long::sum));
    }
}
