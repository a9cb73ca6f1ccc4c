package org.sipdispatch.cluster;

import akka.cluster.UniqueAddress;

/**
 * A node of the cluster, as this one sees it.
 *
 * @param address as {@link Cluster#address}
 * @param number as in {@link org.sipdispatch.destination.Version#node}: who wrote a status last runs its actor
 * @param status Akka's word: Joining, Up, Leaving, Exiting, Down, WeaklyUp
 * @param oldest whether it is the one with the cluster's singletons
 * @param self whether it is this node
 */
public record ClusterMember(
        String address, long number, String status, boolean reachable, boolean oldest, boolean self) {
    /** A node as the database names it: each start of a node has a name of its own. */
    static String nameOf(UniqueAddress node) {
        return nameOf(node.address().hostPort(), node.longUid());
    }

    static String nameOf(String address, long number) {
        return address + "#" + number;
    }
}
