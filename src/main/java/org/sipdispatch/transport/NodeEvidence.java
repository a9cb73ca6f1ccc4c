package org.sipdispatch.transport;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.relay.Counter;
import org.sipdispatch.relay.LaneCounters;
import org.sipdispatch.relay.PathSuspicion;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forwards the observations of all lanes, except those whose cause may be this node's own network. Thread-safe. */
final class NodeEvidence implements Consumer<List<Observation>> {
    private static final Logger LOG = LoggerFactory.getLogger(NodeEvidence.class);

    private final boolean suspects;
    private final Consumer<List<Observation>> door;
    private final LaneCounters counters;
    private final PathSuspicion suspicion = new PathSuspicion();
    private Set<SetId> suspected = Set.of();

    NodeEvidence(boolean suspects, Consumer<List<Observation>> door, LaneCounters counters) {
        this.suspects = suspects;
        this.door = door;
        this.counters = counters;
    }

    @Override
    public void accept(List<Observation> seen) {
        if (suspects) {
            weigh(seen);
        } else {
            door.accept(seen);
        }
    }

    /** Must be called several times a second, also if nothing was observed. */
    void tick() {
        weigh(List.of());
    }

    private synchronized void weigh(List<Observation> seen) {
        long before = suspicion.withheld();
        List<Observation> told = suspicion.weigh(seen, System.nanoTime() / 1_000_000);
        counters.add(Counter.SUSPECTED, suspicion.withheld() - before);
        tellOfSuspicions();
        if (!told.isEmpty()) {
            door.accept(told);
        }
    }

    private void tellOfSuspicions() {
        Set<SetId> now = suspicion.suspects();
        for (SetId set : now) {
            if (!suspected.contains(set)) {
                LOG.warn("no destination of set {} can be reached from here: this node's network is suspected", set);
            }
        }
        for (SetId set : suspected) {
            if (!now.contains(set)) {
                LOG.warn("this node's network is no longer suspected for set {}", set);
            }
        }
        suspected = now;
    }

    synchronized void replace(Collection<SetView> views) {
        suspicion.replace(views);
    }

    synchronized void update(SetView view) {
        suspicion.update(view);
    }

    synchronized Set<SetId> suspects() {
        return suspected;
    }
}
