package org.sipdispatch.cluster;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.ClusterEvent.MemberEvent;
import akka.cluster.Member;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.membership.Supervision;

/**
 * The addresses of nodes by their numbers in versions: of the last 1000 nodes that this node has met, including dead
 * ones. Thread-safe.
 */
final class RecentNodeAddresses {
    private static final int MOST = 1000;

    private final Map<Long, String> addresses = new LinkedHashMap<>();

    /** An actor that records the nodes from cluster events. */
    public Behavior<MemberEvent> subscriber() {
        return Supervision.resuming(Behaviors.setup(context -> {
            Cluster.get(context.getSystem())
                    .subscriptions()
                    .tell(new Subscribe<>(context.getSelf(), MemberEvent.class));
            return Behaviors.receiveMessage(event -> {
                add(event.member());
                return Behaviors.same();
            });
        }));
    }

    private synchronized void add(Member member) {
        addresses.put(member.uniqueAddress().longUid(), ClusterMember.address(member));
        if (addresses.size() > MOST) {
            addresses.remove(addresses.keySet().iterator().next());
        }
    }

    /** The address of the node; empty if this node has not met it. */
    public synchronized String of(long number) {
        return addresses.getOrDefault(number, "");
    }
}
