package org.sipdispatch.operations;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.SetId;

/** This node by itself, and the others as it sees them. */
public final class ShowNode {
    private final OperationContext here;

    ShowNode(OperationContext here) {
        this.here = here;
    }

    /**
     * The answer.
     *
     * @param member whether it is part of the cluster at the moment; if not, it dispatches on what it knew
     * @param suspects sets all of whose destinations failed here at once, so that this node's own path is suspected
     * @param members all nodes of the cluster, as this one sees them
     * @param owned how many destinations' actors each node has, by its address
     */
    public record View(
            String address,
            boolean listening,
            boolean member,
            List<String> suspects,
            List<ClusterMember> members,
            Map<String, Long> owned) {}

    public View answer() {
        List<ClusterMember> members = here.cluster().members();
        List<String> suspects = here.hasTraffic()
                ? here.traffic().suspects().stream()
                        .map(SetId::toString)
                        .sorted()
                        .toList()
                : List.of();
        return new View(
                here.cluster().address(),
                here.isListening(),
                here.cluster().isMember(),
                suspects,
                members,
                owned(here.destinations(), members));
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
