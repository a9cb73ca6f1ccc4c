package org.sipdispatch.cluster;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The calls to a destination as reported by the nodes of the cluster.
 *
 * @param open established calls by the address of the node that they pass through
 * @param ringing INVITEs of all nodes that await a final response
 * @param silent addresses of the nodes that did not answer in time: their calls are not known
 */
public record ClusterCalls(Map<String, Integer> open, int ringing, List<String> silent) {
    /** {@code nodes}: the addresses of all nodes of the cluster. */
    static ClusterCalls of(List<PeerActor.Calls> answers, List<String> nodes) {
        Map<String, Integer> open = new TreeMap<>();
        answers.forEach(one -> open.merge(one.node(), one.open(), Integer::sum));
        return new ClusterCalls(
                open,
                answers.stream().mapToInt(PeerActor.Calls::ringing).sum(),
                nodes.stream().filter(node -> !open.containsKey(node)).sorted().toList());
    }

    /** The result outside the cluster: the calls of the given node are not known. */
    public static ClusterCalls unknown(String node) {
        return new ClusterCalls(Map.of(), 0, List.of(node));
    }

    /** Established calls through all nodes. */
    public int total() {
        return open.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Whether it is certain that the destination has no calls. */
    public boolean isNone() {
        return total() == 0 && ringing == 0 && silent.isEmpty();
    }
}
