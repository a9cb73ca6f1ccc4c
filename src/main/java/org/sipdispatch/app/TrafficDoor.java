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
import org.sipdispatch.destination.Status;
import org.sipdispatch.manage.Live;
import org.sipdispatch.replication.Views;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.transport.Traffic;

/**
 * Passes the cluster's views to the traffic. The cluster starts first, so this class stores them until the traffic is
 * open. Thread-safe.
 */
final class TrafficDoor implements Views, Pinger, LocalCalls {
    private static final PingResult NOT_YET = new PingResult(PingResult.Kind.NO_EVIDENCE, 0, 0);

    private final Map<SetId, SetView> views = new LinkedHashMap<>();
    private Map<String, String> sockets = Map.of();
    private final Live live;
    private volatile Consumer<Map<String, Status>> learning = news -> {};
    private boolean others;
    private long confirmedPauses;
    private Traffic traffic;

    /** {@code live}: notified of changes, for event streams. */
    TrafficDoor(Live live) {
        this.live = live;
    }

    /** Also passes changed statuses to this listener, which must not block. */
    void tells(Consumer<Map<String, Status>> listener) {
        learning = listener;
    }

    /** The views received so far. */
    synchronized List<SetView> views() {
        return List.copyOf(views.values());
    }

    /** Adds the views of the table for sets that are not known yet. */
    synchronized void begin(Collection<SetView> written) {
        written.forEach(view -> views.putIfAbsent(view.id(), view));
    }

    /** Sets the traffic, and passes everything received so far to it. */
    synchronized void open(Traffic opened) {
        traffic = opened;
        traffic.replace(views());
        traffic.learnSockets(sockets);
        traffic.carryCalls(others);
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
    public void learned(Map<String, Status> news) {
        learning.accept(news);
        live.changed();
    }

    @Override
    public void defined(long revision) {
        live.changed();
    }

    @Override
    public int ringing(String id) {
        Traffic now = traffic();
        return now == null ? 0 : now.ringing(id);
    }

    @Override
    public int open(String id) {
        Traffic now = traffic();
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
        others = hasOthers;
        if (traffic != null) {
            traffic.carryCalls(hasOthers);
        }
    }

    @Override
    public void carry(byte[] calls) {
        Traffic now = traffic();
        if (now != null) {
            now.carry(calls);
        }
    }

    @Override
    public void ping(Ping ping, Consumer<PingResult> then) {
        Traffic now = traffic();
        if (now == null) {
            then.accept(NOT_YET);
        } else {
            now.ping(ping, then);
        }
    }

    private synchronized Traffic traffic() {
        return traffic;
    }
}
