package org.sipdispatch.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;

/**
 * Decides which destinations have metrics, and which of them have their own labels instead of a share in their set's
 * sum. The decision stays the same between scrapes: otherwise the counter of a sum would go back, or jump by the count
 * of days. Not thread-safe.
 */
final class Shown {
    /** A destination that is no longer defined and was unused for this time loses its metrics. */
    private static final long UNUSED_MS = 3_600_000;

    private static final class Place {
        private final boolean alone;
        private final Labels others;
        private long used;
        private long usedAtMs;
        private boolean told;

        private Place(boolean alone, Labels others, long nowMs) {
            this.alone = alone;
            this.others = others;
            this.usedAtMs = nowMs;
        }
    }

    private final int most;
    private final Map<String, Place> places = new HashMap<>();
    /** Ping counts of removed destinations, by the labels of the sums that contained them. */
    private final Map<Labels, Map<PingResult.Kind, Long>> gone = new HashMap<>();

    private long toldAlone;

    /** @param most how many destinations may have their own labels */
    Shown(int most) {
        this.most = most;
    }

    /** Keeps the ping counts of a removed destination in its sum. */
    void forget(String id, Map<PingResult.Kind, Long> counts) {
        Place place = places.get(id);
        if (place != null && !place.alone) {
            Map<PingResult.Kind, Long> sum =
                    gone.computeIfAbsent(place.others, unused -> new EnumMap<>(PingResult.Kind.class));
            counts.forEach((kind, count) -> sum.merge(kind, count, Long::sum));
        }
    }

    /** Starts a scrape. */
    void look(Reading reading, long nowMs) {
        Set<String> defined = new HashSet<>();
        reading.known().destinations().forEach(one -> defined.add(one.id()));
        Set<String> all = new HashSet<>(defined);
        for (DestinationTraffic one : reading.traffic()) {
            String id = one.destination().id();
            all.add(id);
            use(id, one, nowMs);
        }
        places.keySet().retainAll(all);
        places.forEach(
                (id, place) -> place.told = !place.alone || defined.contains(id) || nowMs - place.usedAtMs < UNUSED_MS);
        toldAlone = places.values().stream()
                .filter(place -> place.alone && place.told)
                .count();
        for (DestinationsSnapshot.Entry one : reading.known().destinations()) {
            find(one.definition().destination(), nowMs);
        }
        for (DestinationTraffic one : reading.traffic()) {
            find(one.destination(), nowMs);
            use(one.destination().id(), one, nowMs);
        }
    }

    private void use(String id, DestinationTraffic traffic, long nowMs) {
        Place place = places.get(id);
        long used = traffic.firstHits()
                + traffic.requests()
                + traffic.silent()
                + traffic.replies().stream().mapToLong(Long::longValue).sum();
        if (place != null && (place.used != used || traffic.openCalls() != 0)) {
            place.used = used;
            place.usedAtMs = nowMs;
        }
    }

    private void find(Destination destination, long nowMs) {
        if (!places.containsKey(destination.id())) {
            boolean alone = toldAlone < most;
            toldAlone += alone ? 1 : 0;
            Place place = new Place(alone, Row.others(destination), nowMs);
            place.told = true;
            places.put(destination.id(), place);
        }
    }

    boolean isTold(Destination destination) {
        return places.get(destination.id()).told;
    }

    boolean isAlone(Destination destination) {
        return places.get(destination.id()).alone;
    }

    Map<PingResult.Kind, Long> goneOf(Labels others) {
        return gone.getOrDefault(others, Map.of());
    }
}
