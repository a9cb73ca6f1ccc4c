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
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;
import org.sipdispatch.cluster.DestinationsSnapshot;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.relay.DestinationTraffic;
import org.sipdispatch.sets.Destination;

/**
 * What is told of destinations: of those that are defined in the order of their rows, then of those that only traffic
 * remembers, and beyond the bound of the sums over each set.
 */
final class DestinationFamilies {
    private static final List<Double> BOUNDS = DoubleStream.concat(
                    DestinationTraffic.LATENCY_MS.stream().mapToDouble(ms -> ms / 1000.0),
                    DoubleStream.of(Double.POSITIVE_INFINITY))
            .boxed()
            .toList();

    private final Shown shown;
    private final Map<Labels, Row> rows = new LinkedHashMap<>();
    private final Map<String, Row> single = new HashMap<>();

    private DestinationFamilies(Shown shown) {
        this.shown = shown;
    }

    /** Adds all that is told of them; {@code shown} has looked at that reading. */
    static void add(Families families, Reading reading, Shown shown) {
        DestinationFamilies destinations = new DestinationFamilies(shown);
        for (DestinationsSnapshot.Entry one : reading.known().destinations()) {
            destinations.add(one, reading.probes());
        }
        for (DestinationTraffic one : reading.traffic()) {
            if (shown.isTold(one.destination())) {
                destinations.row(one.destination()).add(one);
            }
        }
        destinations.states(families);
        destinations.traffic(families);
        destinations.replies(families);
        destinations.probes(families);
    }

    private void add(DestinationsSnapshot.Entry one, ProbeCounts probes) {
        Row row = row(one.definition().destination());
        if (one.status() != null) {
            row.add(one.status());
        }
        for (PingResult.Kind kind : PingResult.Kind.values()) {
            row.add(kind, probes.count(one.definition().id(), kind));
        }
    }

    /** The same id may be written in upper and lower case: it stays with the labels that it was first met with. */
    private Row row(Destination destination) {
        Row known = single.get(destination.id());
        if (known != null) {
            return known;
        }
        if (shown.isAlone(destination)) {
            Row row = rows.computeIfAbsent(Row.labels(destination), unused -> new Row(destination));
            single.put(destination.id(), row);
            return row;
        }
        return rows.computeIfAbsent(Row.others(destination), labels -> {
            Row sum = new Row(destination);
            shown.goneOf(labels).forEach(sum::add);
            return sum;
        });
    }

    private void states(Families families) {
        Map<Labels, Long> states = new LinkedHashMap<>();
        rows.forEach((labels, row) -> {
            for (DestinationState state : DestinationState.values()) {
                if (row.isKnown()) {
                    states.put(with(labels, "state", word(state)), row.in(state));
                }
            }
        });
        families.gauge("destination_state", "1 for the state that the destination is in, 0 for the others.", states);
        families.gauge(
                "destination_takes_traffic",
                "1 if the destination takes new requests.",
                of(Row::isKnown, Row::takingTraffic));
        families.gauge(
                "destination_consecutive_failures",
                "Failures of the destination in a row.",
                of(Row::isKnown, Row::failures));
    }

    private void traffic(Families families) {
        count(families, "first_hits", "Requests of which it was the first choice.", DestinationTraffic::firstHits);
        count(
                families,
                "requests",
                "Requests sent to it, one for each address that was tried, retransmissions excluded.",
                DestinationTraffic::requests);
        count(families, "silent", "Requests that it left without a final answer in time.", DestinationTraffic::silent);
        count(families, "unreachable", "Requests that could not reach it.", DestinationTraffic::unreachable);
        count(families, "failovers", "Requests that went on to the next destination.", DestinationTraffic::failovers);
        families.gauge(
                "destination_open_calls",
                "Calls that were answered through this node and have not ended.",
                of(row -> true, row -> row.traffic().openCalls()));
        families.histogram(
                "destination_response_seconds",
                "Time from a request to its first reply, where transactions are kept.",
                rows.entrySet().stream()
                        .map(row -> times(row.getKey(), row.getValue().traffic()))
                        .toList());
    }

    private void count(Families families, String name, String help, ToLongFunction<DestinationTraffic> count) {
        families.counter("destination_" + name, help, of(row -> true, row -> count.applyAsLong(row.traffic())));
    }

    private static HistogramDataPointSnapshot times(Labels labels, DestinationTraffic traffic) {
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS, traffic.latency()))
                .sum(traffic.latencySumMicros() / 1e6)
                .build();
    }

    private void replies(Families families) {
        Map<Labels, Long> replies = new LinkedHashMap<>();
        rows.forEach((labels, row) -> {
            for (int i = 0; i < row.traffic().replies().size(); i++) {
                replies.put(
                        with(labels, "class", i + 1 + "xx"),
                        row.traffic().replies().get(i));
            }
        });
        families.counter("destination_replies", "Replies from it to requests dispatched to it.", replies);
    }

    private void probes(Families families) {
        Map<Labels, Long> probes = new LinkedHashMap<>();
        rows.forEach((labels, row) -> {
            for (PingResult.Kind kind : PingResult.Kind.values()) {
                if (row.isKnown()) {
                    probes.put(with(labels, "result", word(kind)), row.probes(kind));
                }
            }
        });
        families.counter("destination_probes", "Pings that this node sent it, by how they ended.", probes);
    }

    private Map<Labels, Long> of(Predicate<Row> which, ToLongFunction<Row> value) {
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

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
