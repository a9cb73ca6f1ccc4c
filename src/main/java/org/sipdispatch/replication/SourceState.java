package org.sipdispatch.replication;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.LWWMap;
import akka.cluster.ddata.LWWMapKey;
import akka.cluster.ddata.SelfUniqueAddress;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.typed.Cluster;
import java.util.Map;
import java.util.TreeMap;
import org.sipdispatch.membership.ClusterMember;

/**
 * The state of a watched source, which all nodes know.
 *
 * @param place the file or URL
 * @param node the address of the node that watches it
 * @param appliedMs when a change was applied last, in milliseconds since 1970; 0: none since that node watches it
 * @param refusals how many changes were refused since then
 * @param error why the present content is refused; empty if it is loaded
 */
public record SourceState(String place, String node, long appliedMs, long refusals, String error) {
    static final Key<LWWMap<String, String>> KEY = LWWMapKey.create("sources");
    private static final int LONGEST_ERROR = 2000;
    private static final int FIELDS = 5;

    /** Tells all nodes the state, with this node as the watching node. */
    public void publish(ActorSystem<?> system, ActorRef<Replicator.Command> replicator, String partition) {
        SelfUniqueAddress self = DistributedData.get(system).selfUniqueAddress();
        String address = ClusterMember.address(Cluster.get(system).selfMember());
        SourceState here = new SourceState(place, address, appliedMs, refusals, error);
        replicator.tell(new Replicator.Update<>(
                KEY,
                LWWMap.<String, String>empty(),
                Replicator.writeLocal(),
                system.ignoreRef(),
                known -> known.put(self, partition, here.encoded())));
    }

    String encoded() {
        String line = error.replaceAll("\\p{Cntrl}+", " ");
        String cut = line.length() <= LONGEST_ERROR ? line : line.substring(0, LONGEST_ERROR) + "...";
        return String.join("\n", place, node, String.valueOf(appliedMs), String.valueOf(refusals), cut);
    }

    /** The states by partition; entries of an unknown form are left out. */
    static Map<String, SourceState> decoded(Map<?, ?> byPartition) {
        Map<String, SourceState> states = new TreeMap<>();
        byPartition.forEach((partition, encoded) -> {
            String[] fields = String.valueOf(encoded).split("\n", FIELDS);
            if (fields.length == FIELDS && (fields[2] + fields[3]).matches("\\d{1,30}")) {
                states.put(
                        String.valueOf(partition),
                        new SourceState(
                                fields[0], fields[1], Long.parseLong(fields[2]), Long.parseLong(fields[3]), fields[4]));
            }
        });
        return states;
    }
}
