package org.sipdispatch.app;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.sipdispatch.cluster.LocalCalls;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.destination.Pinger;
import org.sipdispatch.replication.TrafficViewUpdater;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.transport.SipLanes;

/**
 * Passes the cluster's views to the traffic. The cluster starts first, so this class stores them until the traffic is
 * open. Thread-safe.
 */
final class TrafficBridge implements TrafficViewUpdater, Pinger, LocalCalls {
    private static final PingResult NOT_YET = new PingResult(PingResult.PingOutcome.NO_EVIDENCE, 0, 0);

    private final Map<SetId, SetView> views = new LinkedHashMap<>();
    private Map<String, String> sockets = Map.of();
    private boolean hasPeers;
    private long confirmedPauses;
    private SipLanes traffic;

    /** The views received so far. */
    synchronized List<SetView> views() {
        return List.copyOf(views.values());
    }

    /** Adds the views of the table for sets that are not known yet. */
    synchronized void addMissing(Collection<SetView> written) {
        written.forEach(view -> views.putIfAbsent(view.id(), view));
    }

    /** Sets the traffic, and passes everything received so far to it. */
    synchronized void open(SipLanes opened) {
        traffic = opened;
        traffic.replace(views());
        traffic.learnSockets(sockets);
        traffic.carryCalls(hasPeers);
        traffic.confirmed(confirmedPauses);
    }

    @Override
    public synchronized void replace(Collection<SetView> all) {
        views.clear();
        all.forEach(view -> views.put(view.id(), view));
        if (traffic != null) {
            traffic.replace(all);
        }
    }

    @Override
    public synchronized void update(SetView view) {
        views.put(view.id(), view);
        if (traffic != null) {
            traffic.update(view);
        }
    }

    @Override
    public int ringing(String id) {
        SipLanes now = traffic();
        return now == null ? 0 : now.ringing(id);
    }

    @Override
    public int open(String id) {
        SipLanes now = traffic();
        return now == null ? 0 : now.openCalls(id);
    }

    @Override
    public synchronized void learnSockets(Map<String, String> nameByLiteral) {
        sockets = Map.copyOf(nameByLiteral);
        if (traffic != null) {
            traffic.learnSockets(sockets);
        }
    }

    @Override
    public synchronized void confirmed(long pauses) {
        confirmedPauses = Math.max(confirmedPauses, pauses);
        if (traffic != null) {
            traffic.confirmed(confirmedPauses);
        }
    }

    @Override
    public synchronized void carryCalls(boolean hasOthers) {
        hasPeers = hasOthers;
        if (traffic != null) {
            traffic.carryCalls(hasOthers);
        }
    }

    @Override
    public void carry(byte[] calls) {
        SipLanes now = traffic();
        if (now != null) {
            now.carry(calls);
        }
    }

    @Override
    public void ping(Ping ping, long pauses, Consumer<PingResult> then) {
        SipLanes now = traffic();
        if (now == null) {
            then.accept(NOT_YET);
        } else {
            now.ping(ping, pauses, then);
        }
    }

    private synchronized SipLanes traffic() {
        return traffic;
    }
}
