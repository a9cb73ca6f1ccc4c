package org.sipdispatch.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.sipdispatch.cluster.DestinationsSnapshot;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.relay.DestinationTraffic;
import org.sipdispatch.sets.Destination;

/**
 * Which destinations are told of, and which of them one by one. That stays from one scrape to the next: a sum over others
 * would else go back, or gain at once what was counted over days. For one scrape at a time.
 */
final class Shown {
    /** One that is defined no longer and was not used for that time is told of no longer. */
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
    /** How the pings of those ended that are defined no longer, by the sums that they were in. */
    private final Map<Labels, Map<PingResult.Kind, Long>> gone = new HashMap<>();

    private long toldAlone;

    /** {@code most}: how many are told of one by one. */
    Shown(int most) {
        this.most = most;
    }

    /** Pings of a destination that is not defined any more. */
    void forget(String id, Map<PingResult.Kind, Long> counts) {
        Place place = places.get(id);
        if (place != null && !place.alone) {
            Map<PingResult.Kind, Long> sum =
                    gone.computeIfAbsent(place.others, unused -> new EnumMap<>(PingResult.Kind.class));
            counts.forEach((kind, count) -> sum.merge(kind, count, Long::sum));
        }
    }

    /** Begins a scrape. */
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
