package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.MeasuredFigures;
import org.sipdispatch.observation.NodeReports;
import org.sipdispatch.observation.QualityFigures;
import org.sipdispatch.proxy.LaneSetup;
import org.sipdispatch.proxy.MessageLanes;

/**
 * What the lanes of this node tell each other and the lanes of other nodes: calls, and the figures and the backoff of
 * destinations. Thread-safe.
 */
final class NodeExchange {
    private final List<LaneRef> lanes;
    /** Receives what the other nodes have to know. */
    private final Consumer<byte[]> nodes;

    private final LaneViews views;
    private final QualityFigures quality;
    private final MeasuredFigures measured;
    private volatile boolean hasPeers;

    /**
     * Creates an object that knows nothing.
     *
     * @param counters the counters of all lanes; may be filled later
     * @param lanes all lanes; may be filled later
     */
    NodeExchange(TrafficSetup setup, List<LaneCounters> counters, List<LaneRef> lanes) {
        this.lanes = lanes;
        nodes = setup.carried();
        Consumer<byte[]> others = report -> {
            if (hasPeers) {
                nodes.accept(report);
            }
        };
        views = new LaneViews(setup.routing(), this::tellAll, others, LaneInlet::monotonicMs);
        quality = new QualityFigures(
                counters,
                setup.routing().load().quality(),
                new SecureRandom().nextLong(),
                others,
                LaneInlet.monotonicMs());
        measured = new MeasuredFigures(counters, quality);
    }

    private void tellAll(Object message) {
        lanes.forEach(lane -> lane.actor().tell(message, ActorRef.noSender()));
    }

    LaneViews views() {
        return views;
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

    /** Passes a lane's batch to the other nodes, and to the other lanes if they need it. */
    void send(LaneSetup from, byte[] batch) {
        if (MessageLanes.isForAllLanes(batch)) {
            for (int i = 0; i < lanes.size(); i++) {
                if (i != from.lane()) {
                    lanes.get(i).run((relay, nowMs) -> relay.receivePeerCalls(batch, nowMs));
                }
            }
        }
        nodes.accept(batch);
    }

    /** Receives a batch of another node's lane, or a report of that node. */
    void receive(byte[] batch) {
        if (NodeReports.isBackoff(batch) && views.receive(batch)
                || NodeReports.isQuality(batch) && quality.receive(batch, LaneInlet.monotonicMs())) {
            return;
        }
        int owner = MessageLanes.ownerOf(batch, lanes.size());
        for (int i = 0; i < lanes.size(); i++) {
            if (owner == i || owner < 0) {
                lanes.get(i).run((relay, nowMs) -> relay.receivePeerCalls(batch, nowMs));
            }
        }
    }
}
