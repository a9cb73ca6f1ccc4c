package org.sipdispatch.transport;

import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.MeasuredFigures;
import org.sipdispatch.observation.NodeReports;
import org.sipdispatch.observation.QualityFigures;

/** The figures and rests of destinations over all lanes, and the exchange of them with the other nodes. Thread-safe. */
final class NodeExchange {
    private final CalmLanes calm;
    private final QualityFigures quality;
    private final MeasuredFigures measured;
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
        measured = new MeasuredFigures(counters, quality);
    }

    CalmLanes calm() {
        return calm;
    }

    QualityFigures quality() {
        return quality;
    }

    MeasuredFigures measured() {
        return measured;
    }

    /** Updates the figures, and reports those of quality to the other nodes when it is time. Call this once a second. */
    void sample() {
        measured.sample();
        quality.tick(LaneInlet.monotonicMs());
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
