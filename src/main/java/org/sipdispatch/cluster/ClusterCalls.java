package org.sipdispatch.cluster;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The calls at a destination, as far as the nodes of the cluster tell.
 *
 * @param open the calls that go on there through each node, by its address
 * @param ringing the INVITEs of all nodes that wait there for their final answer
 * @param silent the nodes that did not answer in time: what goes on through them is not known
 */
public record ClusterCalls(Map<String, Integer> open, int ringing, List<String> silent) {
    /** {@code nodes}: the addresses of all that belong to the cluster. */
    static ClusterCalls of(List<PeerActor.Calls> answers, List<String> nodes) {
        Map<String, Integer> open = new TreeMap<>();
        answers.forEach(one -> open.merge(one.node(), one.open(), Integer::sum));
        return new ClusterCalls(
                open,
                answers.stream().mapToInt(PeerActor.Calls::ringing).sum(),
                nodes.stream().filter(node -> !open.containsKey(node)).sorted().toList());
    }

    /** Where nobody can be asked, as that node sees it. */
    public static ClusterCalls unknown(String node) {
        return new ClusterCalls(Map.of(), 0, List.of(node));
    }

    /** The calls that go on there through all nodes. */
    public int total() {
        return open.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Whether it is certain that none is left. */
    public boolean isNone() {
        return total() == 0 && ringing == 0 && silent.isEmpty();
    }
}
