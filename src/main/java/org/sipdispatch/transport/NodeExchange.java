package org.sipdispatch.transport;

import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.NodeReports;
import org.sipdispatch.observation.QualityFigures;

/** What all lanes know of destinations and share with the other nodes: rests, and the quality of calls. Thread-safe. */
final class NodeExchange {
    private final CalmLanes calm;
    private final QualityFigures quality;
    private volatile boolean hasPeers;

    /**
     * Creates an object that knows nothing.
     *
     * @param counters the counters of all lanes; may be filled later
     * @param lanes passes a message to all lanes
     */
    NodeExchange(TrafficSetup setup, List<LaneCounters> counters, Consumer<Object> lanes) {
        Consumer<byte[]> others = report -> {
            if (hasPeers) {
                setup.carried().accept(report);
            }
        };
        calm = new CalmLanes(setup.routing().calm(), lanes, others, LaneInlet::monotonicMs);
        quality = new QualityFigures(
                counters,
                setup.routing().load().quality(),
                new SecureRandom().nextLong(),
                others,
                LaneInlet.monotonicMs());
    }

    CalmLanes calm() {
        return calm;
    }

    QualityFigures quality() {
        return quality;
    }

    /** Whether there are other nodes to tell. */
    void setPeers(boolean whether) {
        hasPeers = whether;
    }

    /** Receives a report of another node; false if it is something else, or malformed. */
    boolean receive(byte[] report) {
        return NodeReports.isRest(report) && calm.receive(report)
                || NodeReports.isQuality(report) && quality.receive(report, LaneInlet.monotonicMs());
    }
}
