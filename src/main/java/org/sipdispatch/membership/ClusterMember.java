package org.sipdispatch.membership;

import akka.actor.Address;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.UniqueAddress;
import akka.cluster.typed.Cluster;
import java.util.List;
import java.util.stream.StreamSupport;

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

    /** The nodes of the cluster, the oldest first; none while this node is not among them. */
    public static List<ClusterMember> all(Cluster cluster) {
        ClusterEvent.CurrentClusterState state = cluster.state();
        List<Member> all = StreamSupport.stream(state.getMembers().spliterator(), false)
                .sorted(Member.ageOrdering())
                .toList();
        if (cluster.isTerminated() || !all.contains(cluster.selfMember())) {
            return List.of();
        }
        Member oldest =
                all.stream().filter(ClusterMember::hasSingletons).findFirst().orElse(null);
        return all.stream()
                .map(member -> new ClusterMember(
                        address(member),
                        member.uniqueAddress().longUid(),
                        member.status().toString(),
                        !state.getUnreachable().contains(member),
                        member.equals(oldest),
                        member.equals(cluster.selfMember())))
                .toList();
    }

    /** Singletons move as soon as their node is on its way out. */
    private static boolean hasSingletons(Member member) {
        return member.status().equals(MemberStatus.up()) || member.status().equals(MemberStatus.leaving());
    }

    /** A node as the database names it: each start of a node has a name of its own. */
    static String nameOf(UniqueAddress node) {
        return nameOf(node.address().hostPort(), node.longUid());
    }

    static String nameOf(String address, long number) {
        return address + "#" + number;
    }
}
