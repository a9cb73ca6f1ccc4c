package org.sipdispatch.cluster;

import akka.actor.typed.ActorSystem;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The members of the cluster that this node knows by gossip. Thread-safe. */
final class GossipMembers {
    private final Cluster cluster;

    GossipMembers(ActorSystem<?> system) {
        cluster = Cluster.get(system);
    }

    /** Whether no other member is up. */
    boolean isAlone() {
        long self = cluster.selfMember().uniqueAddress().longUid();
        return all().filter(member -> member.uniqueAddress().longUid() != self)
                .noneMatch(member -> member.status().equals(MemberStatus.up()));
    }

    /** Whether the node with this number is a member. */
    boolean contains(long number) {
        return all().anyMatch(member -> member.uniqueAddress().longUid() == number);
    }

    private Stream<Member> all() {
        return StreamSupport.stream(cluster.state().getMembers().spliterator(), false);
    }
}
