package org.sipdispatch.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.TrafficShare;

/**
 * The metrics of destinations: first the defined ones in the order of their rows, then those that only traffic still
 * knows; beyond the limit, one sum for each set.
 */
final class DestinationFamilies {
    private static final List<Double> BOUNDS = DoubleStream.concat(
                    DestinationTraffic.LATENCY_MS.stream().mapToDouble(ms -> ms / 1000.0),
                    DoubleStream.of(Double.POSITIVE_INFINITY))
            .boxed()
            .toList();

    private final CardinalityLimit shown;
    private final Map<Labels, DestinationSeries> rows = new LinkedHashMap<>();
    private final Map<String, DestinationSeries> single = new HashMap<>();

    private DestinationFamilies(CardinalityLimit shown) {
        this.shown = shown;
    }

    /** Adds the families. {@code shown} must have seen the same reading. */
    static void add(MetricFamilies families, ScrapeData reading, CardinalityLimit shown) {
        DestinationFamilies destinations = new DestinationFamilies(shown);
        for (DestinationsSnapshot.KnownDestination one : reading.known().destinations()) {
            destinations.add(one, reading.probes(), reading.shares());
        }
        for (DestinationTraffic one : reading.traffic()) {
            if (shown.isPublished(one.destination())) {
                destinations.row(one.destination()).add(one);
            }
        }
        destinations.states(families);
        destinations.weights(families);
        destinations.traffic(families);
        destinations.quality(families);
        destinations.shares(families);
        destinations.replies(families);
        destinations.probes(families);
    }

    private void add(DestinationsSnapshot.KnownDestination one, ProbeCounts probes, Map<String, TrafficShare> shares) {
        DestinationSeries row = row(one.definition().destination());
        row.add(shares.getOrDefault(one.definition().id(), TrafficShare.ALL));
        if (one.status() != null) {
            row.add(one.status());
        }
        row.add(one.weight(), one.definition().eventSocket() != null, one.freeswitch());
        for (PingResult.PingOutcome outcome : PingResult.PingOutcome.values()) {
            row.add(outcome, probes.count(one.definition().id(), outcome));
        }
    }

    /** An id may appear in upper and lower case. It keeps the labels of its first appearance. */
    private DestinationSeries row(Destination destination) {
        DestinationSeries known = single.get(destination.id());
        if (known != null) {
            return known;
        }
        if (shown.hasOwnLabels(destination)) {
            DestinationSeries row = rows.computeIfAbsent(
                    DestinationSeries.labels(destination), unused -> new DestinationSeries(destination));
            single.put(destination.id(), row);
            return row;
        }
        return rows.computeIfAbsent(DestinationSeries.others(destination), labels -> {
            DestinationSeries sum = new DestinationSeries(destination);
            shown.removedProbesOf(labels).forEach(sum::add);
            return sum;
        });
    }

    private void states(MetricFamilies families) {
        Map<Labels, Long> states = new LinkedHashMap<>();
        rows.forEach((labels, row) -> {
            for (DestinationState state : DestinationState.values()) {
                if (row.isKnown()) {
                    states.put(with(labels, "state", labelValue(state)), row.countIn(state));
                }
            }
        });
        families.gauge("destination_state", "1 for the state that the destination is in, 0 for the others.", states);
        families.gauge(
                "destination_takes_traffic",
                "1 if the destination takes new requests.",
                of(DestinationSeries::isKnown, DestinationSeries::takingTraffic));
        families.gauge(
                "destination_consecutive_failures",
                "Failures of the destination in a row.",
                of(DestinationSeries::isKnown, DestinationSeries::failures));
    }

    private void weights(MetricFamilies families) {
        families.gauge(
                "destination_weight",
                "Its weight in selections.",
                of(row -> row.isDefined(), DestinationSeries::weight));
        families.gauge(
                "destination_freeswitch_connected",
                "1 while its weight comes from heartbeats of FreeSWITCH, 0 while the event socket is away.",
                of(DestinationSeries::hasEventSocket, DestinationSeries::connected));
    }

    private void traffic(MetricFamilies families) {
        count(families, "first_hits", "Requests for which it was the first choice.", DestinationTraffic::firstHits);
        count(
                families,
                "requests",
                "Requests sent to it, one for each address that was tried, retransmissions excluded.",
                DestinationTraffic::requests);
        count(families, "silent", "Requests without a final response in time.", DestinationTraffic::silent);
        count(families, "unreachable", "Requests that could not be delivered to it.", DestinationTraffic::unreachable);
        count(
                families,
                "failovers",
                "Requests that failed over to the next destination.",
                DestinationTraffic::failovers);
        families.gauge(
                "destination_open_calls",
                "Calls established through this node that have not ended.",
                of(row -> true, row -> row.traffic().openCalls()));
        families.histogram(
                "destination_response_seconds",
                "Time from a request to its first response, in stateful mode.",
                rows.entrySet().stream()
                        .map(row -> times(row.getKey(), row.getValue().traffic()))
                        .toList());
    }

    private void count(MetricFamilies families, String name, String help, ToLongFunction<DestinationTraffic> count) {
        families.counter("destination_" + name, help, of(row -> true, row -> count.applyAsLong(row.traffic())));
    }

    private void quality(MetricFamilies families) {
        count(
                families,
                "seizures",
                "New calls with an outcome: the base of ASR and NER.",
                traffic -> traffic.quality().seizures());
        count(
                families,
                "answers",
                "New calls that were answered: the numerator of ASR.",
                traffic -> traffic.quality().answers());
        count(
                families,
                "effective_seizures",
                "New calls that were answered, busy, declined, or rang without an answer: the numerator of NER.",
                traffic -> traffic.quality().effective());
        count(
                families,
                "post_dial_delays",
                "New calls with a post-dial delay.",
                traffic -> traffic.quality().delays());
        families.counter(
                "destination_post_dial_delay_seconds",
                "The sum of the post-dial delays.",
                seconds(traffic -> traffic.quality().delayMicros() / 1e6));
        count(
                families,
                "ended_calls",
                "Calls that ended with a BYE through this node.",
                traffic -> traffic.quality().ended());
        families.counter(
                "destination_call_seconds",
                "The sum of the durations of these calls.",
                seconds(traffic -> traffic.quality().callMs() / 1e3));
    }

    private Map<Labels, Double> seconds(ToDoubleFunction<DestinationTraffic> sum) {
        Map<Labels, Double> values = new LinkedHashMap<>();
        rows.forEach((labels, row) -> values.put(labels, sum.applyAsDouble(row.traffic())));
        return values;
    }

    private void shares(MetricFamilies families) {
        families.gauge(
                "destination_in_backoff",
                "1 while it gets no requests after a 503 with Retry-After.",
                of(DestinationSeries::isDefined, DestinationSeries::inBackoff));
        families.gauge(
                "destination_in_slow_start",
                "1 while it gets only a part of its requests after its return.",
                of(DestinationSeries::isDefined, DestinationSeries::inSlowStart));
    }

    private static HistogramDataPointSnapshot times(Labels labels, DestinationTraffic traffic) {
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS, traffic.latency()))
                .sum(traffic.latencySumMicros() / 1e6)
                .build();
    }

    private void replies(MetricFamilies families) {
        Map<Labels, Long> replies = new LinkedHashMap<>();
        rows.forEach((labels, row) -> {
            for (int i = 0; i < row.traffic().replies().size(); i++) {
                replies.put(
                        with(labels, "class", i + 1 + "xx"),
                        row.traffic().replies().get(i));
            }
        });
        families.counter("destination_replies", "Responses to requests dispatched to it.", replies);
    }

    private void probes(MetricFamilies families) {
        Map<Labels, Long> probes = new LinkedHashMap<>();
        rows.forEach((labels, row) -> {
            for (PingResult.PingOutcome outcome : PingResult.PingOutcome.values()) {
                if (row.isKnown()) {
                    probes.put(with(labels, "result", labelValue(outcome)), row.probes(outcome));
                }
            }
        });
        families.counter("destination_probes", "Pings from this node, by result.", probes);
    }

    private Map<Labels, Long> of(Predicate<DestinationSeries> which, ToLongFunction<DestinationSeries> value) {
        Map<Labels, Long> values = new LinkedHashMap<>();
        rows.forEach((labels, row) -> {
            if (which.test(row)) {
                values.put(labels, value.applyAsLong(row));
            }
        });
        return values;
    }

    private static Labels with(Labels labels, String name, String value) {
        return labels.merge(Labels.of(name, value));
    }

    private static String labelValue(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
