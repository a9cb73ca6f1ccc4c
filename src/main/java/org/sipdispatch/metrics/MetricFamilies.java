package org.sipdispatch.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Collects metric families under the prefix {@code sip_dispatcher_}. */
final class MetricFamilies {
    private static final String PREFIX = "sip_dispatcher_";

    private final List<MetricSnapshot> all = new ArrayList<>();

    List<MetricSnapshot> all() {
        return all;
    }

    void gauge(String name, String help, long value) {
        gauge(name, help, Map.of(Labels.EMPTY, value));
    }

    void gauge(String name, String help, Map<Labels, Long> values) {
        GaugeSnapshot.Builder family =
                GaugeSnapshot.builder().name(PREFIX + name).help(help);
        values.forEach((labels, value) -> family.dataPoint(
                GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
        all.add(family.build());
    }

    void counter(String name, String help, long value) {
        counter(name, help, Map.of(Labels.EMPTY, value));
    }

    /** @param name without the suffix {@code _total} */
    void counter(String name, String help, Map<Labels, ? extends Number> values) {
        CounterSnapshot.Builder family =
                CounterSnapshot.builder().name(PREFIX + name).help(help);
        values.forEach((labels, value) -> family.dataPoint(CounterDataPointSnapshot.builder()
                .labels(labels)
                .value(value.doubleValue())
                .build()));
        all.add(family.build());
    }

    void histogram(String name, String help, List<HistogramDataPointSnapshot> points) {
        HistogramSnapshot.Builder family =
                HistogramSnapshot.builder().name(PREFIX + name).help(help);
        points.forEach(family::dataPoint);
        all.add(family.build());
    }
}
