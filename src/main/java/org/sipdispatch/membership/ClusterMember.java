package org.sipdispatch.membership;

import akka.actor.Address;
import akka.cluster.Member;

/**
 * A node of the cluster, as this one sees it.
 *
 * @param address host and port that the other nodes reach it at
 * @param number as in {@link org.sipdispatch.destination.Version#node}: who wrote a status last runs its actor
 * @param status Akka's word: Joining, Up, Leaving, Exiting, Down, WeaklyUp
 * @param oldest whether it is the one with the cluster's singletons
 * @param self whether it is this node
 */
public record ClusterMember(
        String address, long number, String status, boolean reachable, boolean oldest, boolean self) {
    /** Host and port of a member. */
    public static String address(Member member) {
        Address address = member.address();
        return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
    }
}
