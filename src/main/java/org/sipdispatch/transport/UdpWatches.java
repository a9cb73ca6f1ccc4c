package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.sipdispatch.relay.Hop;
import org.sipdispatch.relay.Limit;

/**
 * Which UDP hops are watched for ICMP: for each a connected socket on the same local address, since the operating
 * system tells of an unreachable peer only there. One thread only.
 */
final class UdpWatches {
    private static final long IDLE_MS = 60_000;

    private static final class Watch {
        private long lastUsedMs;
        private ActorRef actor;
    }

    private final LaneInlet inlet;
    private final boolean enabled;
    private final int most;
    private final Map<Hop, Watch> watches = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
    private ActorRef lane;

    UdpWatches(LaneInlet inlet, boolean enabled, int most) {
        this.most = most;
        this.inlet = inlet;
        this.enabled = enabled;
    }

    void use(ActorRef laneActor) {
        lane = laneActor;
    }

    /** Room for one datagram while a watch is opened. */
    ByteBuffer buffer() {
        return buffer;
    }

    void watch(Hop hop) {
        if (!enabled) {
            return;
        }
        Watch watch = watches.get(hop);
        if (watch == null) {
            if (watches.size() >= most) {
                inlet.limits()
                        .hit(
                                Limit.ICMP_SOCKETS,
                                LaneInlet.realMs(),
                                () -> watches.size()
                                        + " (expected: " + most + " at most); that " + hop.remote()
                                        + " cannot be reached is found out by fr_timeout only");
                return;
            }
            watch = new Watch();
            watches.put(hop, watch);
            lane.tell(new LaneActor.OpenWatch(hop), ActorRef.noSender());
        }
        watch.lastUsedMs = inlet.nowMs();
    }

    void opened(Hop hop, ActorRef actor) {
        Watch watch = watches.get(hop);
        if (watch != null) {
            watch.actor = actor;
        }
    }

    /** Unless another one has taken its place meanwhile. */
    void closed(Hop hop, ActorRef actor) {
        Watch watch = watches.get(hop);
        if (watch != null && actor.equals(watch.actor)) {
            watches.remove(hop);
        }
    }

    /** Ends the watches that no request used for a while. */
    void closeIdle() {
        long nowMs = inlet.nowMs();
        for (Iterator<Watch> all = watches.values().iterator(); all.hasNext(); ) {
            Watch watch = all.next();
            if (nowMs - watch.lastUsedMs > IDLE_MS && watch.actor != null) {
                all.remove();
                watch.actor.tell(akka.actor.PoisonPill.getInstance(), ActorRef.noSender());
            }
        }
    }
}
