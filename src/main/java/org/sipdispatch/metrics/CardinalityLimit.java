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
final class CardinalityLimit {
    /** A destination that is no longer defined and was unused for this time loses its metrics. */
    private static final long UNUSED_MS = 3_600_000;

    private static final class Assignment {
        private final boolean hasOwnLabels;
        private final Labels sumLabels;
        private long used;
        private long usedAtMs;
        private boolean published;

        private Assignment(boolean alone, Labels others, long nowMs) {
            this.hasOwnLabels = alone;
            this.sumLabels = others;
            this.usedAtMs = nowMs;
        }
    }

    private final int most;
    private final Map<String, Assignment> assignments = new HashMap<>();
    /** Ping counts of removed destinations, by the labels of the sums that contained them. */
    private final Map<Labels, Map<PingResult.PingOutcome, Long>> removedProbes = new HashMap<>();

    private long ownLabelsCount;

    /** @param most how many destinations may have their own labels */
    CardinalityLimit(int most) {
        this.most = most;
    }

    /** Keeps the ping counts of a removed destination in its sum. */
    void forget(String id, Map<PingResult.PingOutcome, Long> counts) {
        Assignment place = assignments.get(id);
        if (place != null && !place.hasOwnLabels) {
            Map<PingResult.PingOutcome, Long> sum = removedProbes.computeIfAbsent(
                    place.sumLabels, unused -> new EnumMap<>(PingResult.PingOutcome.class));
            counts.forEach((outcome, count) -> sum.merge(outcome, count, Long::sum));
        }
    }

    /** Starts a scrape. */
    void startScrape(ScrapeData reading, long nowMs) {
        Set<String> defined = new HashSet<>();
        reading.known().destinations().forEach(one -> defined.add(one.id()));
        Set<String> all = new HashSet<>(defined);
        for (DestinationTraffic one : reading.traffic()) {
            String id = one.destination().id();
            all.add(id);
            markUsed(id, one, nowMs);
        }
        assignments.keySet().retainAll(all);
        assignments.forEach((id, place) ->
                place.published = !place.hasOwnLabels || defined.contains(id) || nowMs - place.usedAtMs < UNUSED_MS);
        ownLabelsCount = assignments.values().stream()
                .filter(place -> place.hasOwnLabels && place.published)
                .count();
        for (DestinationsSnapshot.KnownDestination one : reading.known().destinations()) {
            assign(one.definition().destination(), nowMs);
        }
        for (DestinationTraffic one : reading.traffic()) {
            assign(one.destination(), nowMs);
            markUsed(one.destination().id(), one, nowMs);
        }
    }

    private void markUsed(String id, DestinationTraffic traffic, long nowMs) {
        Assignment place = assignments.get(id);
        long used = traffic.firstHits()
                + traffic.requests()
                + traffic.silent()
                + traffic.replies().stream().mapToLong(Long::longValue).sum();
        if (place != null && (place.used != used || traffic.openCalls() != 0)) {
            place.used = used;
            place.usedAtMs = nowMs;
        }
    }

    private void assign(Destination destination, long nowMs) {
        if (!assignments.containsKey(destination.id())) {
            boolean alone = ownLabelsCount < most;
            ownLabelsCount += alone ? 1 : 0;
            Assignment place = new Assignment(alone, DestinationSeries.others(destination), nowMs);
            place.published = true;
            assignments.put(destination.id(), place);
        }
    }

    boolean isPublished(Destination destination) {
        return assignments.get(destination.id()).published;
    }

    boolean hasOwnLabels(Destination destination) {
        return assignments.get(destination.id()).hasOwnLabels;
    }

    Map<PingResult.PingOutcome, Long> removedProbesOf(Labels others) {
        return removedProbes.getOrDefault(others, Map.of());
    }
}
