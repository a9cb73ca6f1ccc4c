package org.sipdispatch.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.sipdispatch.destination.Targets;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;

/** The metrics of targets, with the labels of their destination and the name of the target. */
final class TargetFamilies {
    private final ScrapeData reading;
    private final CardinalityLimit shown;

    private TargetFamilies(ScrapeData reading, CardinalityLimit shown) {
        this.reading = reading;
        this.shown = shown;
    }

    /** Adds the families: only of destinations with labels of their own. {@code shown} must have seen the same reading. */
    static void add(MetricFamilies families, ScrapeData reading, CardinalityLimit shown) {
        TargetFamilies targets = new TargetFamilies(reading, shown);
        families.gauge(
                "destination_target_takes_traffic",
                "1 if this address of the destination takes new requests.",
                targets.states(one -> one.status().takesTraffic() ? 1 : 0));
        families.gauge(
                "destination_target_consecutive_failures",
                "Failures of this address in a row.",
                targets.states(one -> one.status().failures()));
        families.counter(
                "destination_target_requests",
                "Requests sent to this address, retransmissions excluded.",
                targets.counts(DestinationTraffic::requests));
        families.counter(
                "destination_target_silent",
                "Requests to this address without a final response in time.",
                targets.counts(DestinationTraffic::silent));
        families.counter(
                "destination_target_unreachable",
                "Requests that could not be delivered to this address.",
                targets.counts(DestinationTraffic::unreachable));
    }

    private Map<Labels, Long> states(ToLongFunction<Targets.TargetStatus> value) {
        Map<Labels, Long> values = new LinkedHashMap<>();
        for (DestinationsSnapshot.KnownDestination one : reading.known().destinations()) {
            Destination destination = one.definition().destination();
            if (one.status() != null && shown.hasOwnLabels(destination)) {
                one.status()
                        .targets()
                        .all()
                        .forEach(target -> values.put(labels(destination, target.name()), value.applyAsLong(target)));
            }
        }
        return values;
    }

    private Map<Labels, Long> counts(ToLongFunction<DestinationTraffic> value) {
        Map<Labels, Long> values = new LinkedHashMap<>();
        for (DestinationTraffic one : reading.traffic()) {
            if (shown.isPublished(one.destination()) && shown.hasOwnLabels(one.destination())) {
                one.targets()
                        .forEach((name, traffic) ->
                                values.put(labels(one.destination(), name), value.applyAsLong(traffic)));
            }
        }
        return values;
    }

    private static Labels labels(Destination destination, String target) {
        return DestinationSeries.labels(destination).merge(Labels.of("target", target));
    }
}
