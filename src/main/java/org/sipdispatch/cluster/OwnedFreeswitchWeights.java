package org.sipdispatch.cluster;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.freeswitch.HeartbeatEvent;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.FreeswitchWeight;

/**
 * The weights from FreeSWITCH of the destinations whose actors are on this node. Each change returns the reports to
 * replicate, by destination id; null for a destination that needs no report any more.
 */
final class OwnedFreeswitchWeights {
    /** An event socket as this node sees it. */
    private static final class SocketState {
        /** The weight by the last heartbeat; null before the first one and once it is too old. */
        private Integer weight;

        private boolean connected;
        /** 0 until the first connection or failure: nothing is reported before. */
        private long sinceMs;
    }

    /** A destination of this node. */
    private static final class OwnedDestination {
        private final EventSocketUrl url;
        private long term;
        private int weight;
        private FreeswitchWeight reported;

        private OwnedDestination(EventSocketUrl url, int weight) {
            this.url = url;
            this.weight = weight;
        }
    }

    private final int maxWeight;
    private final long node;
    private final Map<EventSocketUrl, SocketState> sockets = new HashMap<>();
    private final Map<String, OwnedDestination> destinations = new HashMap<>();
    private long reports;

    /**
     * @param maxWeight the weight without a heartbeat
     * @param node the number of this node in versions
     */
    OwnedFreeswitchWeights(int maxWeight, long node) {
        this.maxWeight = maxWeight;
        this.node = node;
    }

    /** The event sockets to connect to. */
    Set<EventSocketUrl> urls() {
        return destinations.values().stream().map(one -> one.url).collect(Collectors.toSet());
    }

    /**
     * Takes the destinations that are this node's by the version of their status. One that was another node's keeps the
     * weight that this node reported.
     */
    Map<String, FreeswitchWeight> own(DestinationsSnapshot snapshot) {
        Map<String, FreeswitchWeight> updates = new HashMap<>();
        Set<String> owned = new HashSet<>();
        for (DestinationsSnapshot.KnownDestination one : snapshot.destinations()) {
            EventSocketUrl url = one.definition().eventSocket();
            if (url != null && isOwn(one)) {
                owned.add(one.id());
                own(one, url);
            }
        }
        destinations.keySet().stream()
                .filter(id -> !owned.contains(id) && isWithoutSocket(snapshot.find(id)))
                .forEach(id -> updates.put(id, null));
        destinations.keySet().retainAll(owned);
        sockets.keySet().retainAll(urls());
        destinations.forEach((id, one) -> report(id, one, updates));
        return updates;
    }

    private static boolean isWithoutSocket(DestinationsSnapshot.KnownDestination one) {
        return one == null || one.definition().eventSocket() == null;
    }

    private boolean isOwn(DestinationsSnapshot.KnownDestination one) {
        Status status = one.status();
        return status != null
                && !one.former()
                && !status.removed()
                && status.version().node() == node;
    }

    private void own(DestinationsSnapshot.KnownDestination one, EventSocketUrl url) {
        OwnedDestination known = destinations.get(one.id());
        if (known == null || !known.url.equals(url)) {
            known = new OwnedDestination(url, one.weight());
            destinations.put(one.id(), known);
        }
        known.term = one.status().version().term();
        SocketState socket = sockets.computeIfAbsent(url, unused -> new SocketState());
        known.weight = socket.weight == null ? known.weight : socket.weight;
    }

    Map<String, FreeswitchWeight> subscribed(EventSocketUrl url, long nowMs) {
        return changed(url, socket(url).weight, true, nowMs);
    }

    Map<String, FreeswitchWeight> heartbeat(EventSocketUrl url, HeartbeatEvent event, long nowMs) {
        return changed(url, event.weight(maxWeight), true, nowMs);
    }

    /** The connection is lost: the weights stay until {@link #keepOver}. */
    Map<String, FreeswitchWeight> away(EventSocketUrl url, long nowMs) {
        return changed(url, socket(url).weight, false, nowMs);
    }

    /** The last heartbeat is too old: the initial weight applies again. */
    Map<String, FreeswitchWeight> keepOver(EventSocketUrl url, long nowMs) {
        destinations.values().stream().filter(one -> one.url.equals(url)).forEach(one -> one.weight = maxWeight);
        return changed(url, null, socket(url).connected, nowMs);
    }

    private SocketState socket(EventSocketUrl url) {
        return sockets.getOrDefault(url, new SocketState());
    }

    private Map<String, FreeswitchWeight> changed(EventSocketUrl url, Integer weight, boolean connected, long nowMs) {
        Map<String, FreeswitchWeight> updates = new HashMap<>();
        SocketState socket = socket(url);
        socket.weight = weight;
        socket.sinceMs = socket.connected == connected && socket.sinceMs > 0 ? socket.sinceMs : nowMs;
        socket.connected = connected;
        destinations.forEach((id, one) -> {
            if (one.url.equals(url)) {
                one.weight = weight == null ? one.weight : weight;
                report(id, one, updates);
            }
        });
        return updates;
    }

    private void report(String id, OwnedDestination one, Map<String, FreeswitchWeight> updates) {
        SocketState socket = socket(one.url);
        FreeswitchWeight last = one.reported;
        boolean same = last != null
                && last.weight() == one.weight
                && last.connected() == socket.connected
                && last.sinceMs() == socket.sinceMs
                && last.version().term() == one.term;
        if (socket.sinceMs > 0 && !same) {
            one.reported = new FreeswitchWeight(
                    new StatusVersion(one.term, ++reports, node),
                    one.url.toString(),
                    one.weight,
                    socket.connected,
                    socket.sinceMs);
            updates.put(id, one.reported);
        }
    }
}
