package org.sipdispatch.replication;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.LWWMap;
import akka.cluster.ddata.LWWMapKey;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.SelfUniqueAddress;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The weights from FreeSWITCH in Akka Distributed Data, split over 16 keys like the statuses. Thread-safe. */
public final class ReplicatedWeights {
    private static final int PARTS = 16;
    private static final int TERM_BITS = 31;
    /** Later terms win, then later reports; no clock of a node decides. */
    private static final LWWRegister.Clock<FreeswitchWeight> BY_VERSION = (previous, weight) ->
            weight.version().term() << TERM_BITS | weight.version().change();

    private final ActorSystem<?> system;
    private final ActorRef<Replicator.Command> replicator;
    private final SelfUniqueAddress self;

    public ReplicatedWeights(ActorSystem<?> system) {
        this.system = system;
        replicator = DistributedData.get(system).replicator();
        self = DistributedData.get(system).selfUniqueAddress();
    }

    static List<Key<LWWMap<String, FreeswitchWeight>>> parts() {
        return IntStream.range(0, PARTS).mapToObj(ReplicatedWeights::part).toList();
    }

    private static Key<LWWMap<String, FreeswitchWeight>> part(int number) {
        return LWWMapKey.create("freeswitch-weights-" + number);
    }

    private static int partNumber(String id) {
        return Math.floorMod(id.hashCode() ^ id.hashCode() >>> 16, PARTS);
    }

    /** Replicates weights by destination id to all nodes; null removes one. */
    public void publish(Map<String, FreeswitchWeight> weights) {
        Map<Integer, Map<String, FreeswitchWeight>> byPart = new HashMap<>();
        weights.forEach((id, weight) -> byPart.computeIfAbsent(partNumber(id), unused -> new HashMap<>())
                .put(id, weight));
        byPart.forEach((number, part) -> replicator.tell(new Replicator.Update<>(
                part(number),
                LWWMap.empty(),
                Replicator.writeLocal(),
                system.ignoreRef(),
                known -> with(known, part))));
    }

    private LWWMap<String, FreeswitchWeight> with(
            LWWMap<String, FreeswitchWeight> known, Map<String, FreeswitchWeight> part) {
        LWWMap<String, FreeswitchWeight> all = known;
        for (Map.Entry<String, FreeswitchWeight> one : part.entrySet()) {
            all = one.getValue() == null
                    ? all.remove(self, one.getKey())
                    : all.put(self, one.getKey(), one.getValue(), BY_VERSION);
        }
        return all;
    }
}
