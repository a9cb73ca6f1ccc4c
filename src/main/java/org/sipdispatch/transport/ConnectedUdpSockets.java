package org.sipdispatch.transport;

import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.transaction.NextHop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The UDP hops of a lane that are watched for ICMP errors: those that have not answered a request. Datagrams from
 * destinations that answer arrive only at the listener. One thread only.
 */
final class ConnectedUdpSockets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectedUdpSockets.class);
    private static final long IDLE_MS = 60_000;
    private static final long SILENT_MS = 60_000;

    private static final class Watched {
        private final ConnectedUdpReader.ReadSocket reading;
        private long lastUsedMs;

        Watched(ConnectedUdpReader.ReadSocket reading) {
            this.reading = reading;
        }
    }

    private final LaneInlet inlet;
    private final LaneCounters counters;
    private final WatchableSockets sockets;
    private final int most;
    private final Map<NextHop, Watched> watches = new HashMap<>();
    private ConnectedUdpReader reader;
    private long logAgainAtMs;

    /** {@code most}: the largest number of watched hops. */
    ConnectedUdpSockets(LaneInlet inlet, LaneCounters counters, WatchableSockets sockets, int most) {
        this.most = most;
        this.inlet = inlet;
        this.counters = counters;
        this.sockets = sockets;
        logAgainAtMs = inlet.nowMs();
    }

    /** {@code lane} receives the datagrams of peers; all lanes are notified of unreachable hops. */
    void start(LaneRef lane, List<LaneRef> lanes) {
        if (sockets.any()) {
            reader = ConnectedUdpReader.start(inlet, lane, lanes);
        }
    }

    /** Watches a hop for some time; when this returns, the operating system reports ICMP errors. */
    void watch(NextHop hop) {
        if (!sockets.contains(hop.socket())) {
            return;
        }
        Watched watch = watches.get(hop);
        if (watch == null || watch.reading.isOver()) {
            watch = opened(hop);
        }
        if (watch != null) {
            watch.lastUsedMs = inlet.nowMs();
        }
    }

    private Watched opened(NextHop hop) {
        if (reader.openSockets() >= most) {
            limited(hop, Limit.ICMP_SOCKETS, () -> reader.openSockets() + " (expected: " + most + " at most)");
            return null;
        }
        try {
            Watched watch = new Watched(reader.open(hop));
            watches.put(hop, watch);
            return watch;
        } catch (IOException e) {
            if (LocalBindOption.hasDescriptor()) {
                refused(hop, e.getMessage());
            } else {
                limited(hop, Limit.FILE_DESCRIPTORS, e::getMessage);
            }
            return null;
        }
    }

    private void limited(NextHop hop, Limit limit, Supplier<String> what) {
        counters.add(LaneCounter.UNWATCHED);
        counters.limits()
                .hit(
                        limit,
                        LaneInlet.monotonicMs(),
                        () -> what.get() + "; only fr_timeout detects whether " + hop.remote() + " is unreachable");
    }

    private void refused(NextHop hop, String why) {
        counters.add(LaneCounter.UNWATCHED);
        long nowMs = inlet.nowMs();
        if (nowMs >= logAgainAtMs) {
            logAgainAtMs = nowMs + SILENT_MS;
            LOG.warn(
                    "{} cannot be watched for ICMP, only fr_timeout detects whether it is unreachable: {}",
                    hop.remote(),
                    why);
        }
    }

    /** Keeps watching an unreachable hop, so that the next request detects the error too. */
    void unreachable(NextHop hop) {
        Watched watch = watches.get(hop);
        if (watch != null) {
            watch.lastUsedMs = inlet.nowMs();
        }
    }

    /** Closes the sockets without an ICMP error or request for a while. */
    void closeIdle() {
        long nowMs = inlet.nowMs();
        for (Iterator<Watched> all = watches.values().iterator(); all.hasNext(); ) {
            Watched watch = all.next();
            if (watch.reading.isOver()) {
                all.remove();
            } else if (nowMs - watch.lastUsedMs > IDLE_MS) {
                all.remove();
                reader.end(watch.reading);
            }
        }
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
