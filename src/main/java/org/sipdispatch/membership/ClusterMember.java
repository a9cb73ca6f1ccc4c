package org.sipdispatch.membership;

import akka.actor.Address;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.UniqueAddress;
import akka.cluster.typed.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A node of the cluster as this node sees it.
 *
 * @param address {@code host:port} at which the other nodes reach it
 * @param number as in {@link org.sipdispatch.destination.StatusVersion#node}: the node that wrote a destination's newest
 *     status runs its actor
 * @param status Akka's member status: Joining, Up, Leaving, Exiting, Down, WeaklyUp
 * @param oldest whether it runs the cluster singletons
 * @param self whether it is this node
 */
public record ClusterMember(
        String address, long number, String status, boolean reachable, boolean oldest, boolean self) {
    private static final Set<MemberStatus> VOTERS = Set.of(MemberStatus.up(), MemberStatus.leaving());
    private static final Set<MemberStatus> LEAVING = Set.of(MemberStatus.leaving(), MemberStatus.exiting());

    private static final Set<MemberStatus> OUT = Set.of(MemberStatus.down(), MemberStatus.removed());

    /** A member's address as {@code host:port}. */
    public static String address(Member member) {
        Address address = member.address();
        return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
    }

    /** All nodes of the cluster, oldest first; empty while this node is not a member. */
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

    /** Singletons move as soon as their node is exiting. */
    private static boolean hasSingletons(Member member) {
        return member.status().equals(MemberStatus.up()) || member.status().equals(MemberStatus.leaving());
    }

    /** The numbers of the members with a vote, oldest first; empty while this node has none. */
    public static List<Long> votersByAge(Cluster cluster) {
        Set<Long> voters = voters(cluster.state());
        return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                .sorted(Member.ageOrdering())
                .map(member -> member.uniqueAddress().longUid())
                .filter(number -> voters.contains(number)
                        && voters.contains(cluster.selfMember().uniqueAddress().longUid()))
                .toList();
    }

    /** The addresses of the members that were not downed or removed, by number. */
    public static Map<Long, Address> addresses(Cluster cluster) {
        return present(cluster.state()).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> one.getValue().address()));
    }

    /** The members of that cluster as the {@link VotingMembers} needs them. */
    static List<VotingMembers.GossipMember> electors(ClusterEvent.CurrentClusterState state) {
        return StreamSupport.stream(state.getMembers().spliterator(), false)
                .map(member -> new VotingMembers.GossipMember(
                        member.uniqueAddress().longUid(),
                        member.address().hostPort(),
                        VOTERS.contains(member.status()),
                        LEAVING.contains(member.status())))
                .toList();
    }

    /** The numbers of the members with a vote. */
    static Set<Long> voters(ClusterEvent.CurrentClusterState state) {
        return electors(state).stream()
                .filter(VotingMembers.GossipMember::counts)
                .map(VotingMembers.GossipMember::node)
                .collect(Collectors.toSet());
    }

    /** The addresses of the members that were not downed or removed, by number. */
    static Map<Long, UniqueAddress> present(ClusterEvent.CurrentClusterState state) {
        return StreamSupport.stream(state.getMembers().spliterator(), false)
                .filter(member -> !OUT.contains(member.status()))
                .map(Member::uniqueAddress)
                .collect(Collectors.toMap(UniqueAddress::longUid, Function.identity()));
    }

    /** A node's name in the database: unique for each start of a node. */
    static String nameOf(UniqueAddress node) {
        return nameOf(node.address().hostPort(), node.longUid());
    }

    static String nameOf(String address, long number) {
        return address + "#" + number;
    }

    /** The {@link #nameOf names} of the nodes of that cluster. */
    static Set<String> names(ClusterEvent.CurrentClusterState state) {
        return StreamSupport.stream(state.getMembers().spliterator(), false)
                .map(member -> nameOf(member.uniqueAddress()))
                .collect(Collectors.toSet());
    }
}
