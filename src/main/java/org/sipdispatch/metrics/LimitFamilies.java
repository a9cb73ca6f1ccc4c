package org.sipdispatch.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.sipdispatch.limits.CallLimits;
import org.sipdispatch.limits.LimitUse;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;

/** The metrics of limits of calls: of destinations, of their capacities and of sources. */
final class LimitFamilies {
    private final MetricFamilies families;
    private final List<LimitUse> limits;
    private final Map<String, Labels> destinations = new HashMap<>();

    private LimitFamilies(MetricFamilies families, ScrapeData reading, CardinalityLimit shown) {
        this.families = families;
        limits = reading.limits();
        for (DestinationsSnapshot.KnownDestination one : reading.known().destinations()) {
            Destination destination = one.definition().destination();
            Labels labels = shown.hasOwnLabels(destination)
                    ? DestinationSeries.labels(destination)
                    : DestinationSeries.others(destination);
            destinations.putIfAbsent(destination.id(), labels);
        }
    }

    /** Adds the families. {@code shown} must have seen the same reading. */
    static void add(MetricFamilies families, ScrapeData reading, CardinalityLimit shown) {
        LimitFamilies all = new LimitFamilies(families, reading, shown);
        all.add("destination_limit_", "of a destination", CallLimits.Kind.DESTINATION);
        all.add("destination_capacity_", "of a destination that use a resource", CallLimits.Kind.CAPACITY);
        all.add("source_limit_", "of a source", CallLimits.Kind.SOURCE);
    }

    private void add(String prefix, String whose, CallLimits.Kind kind) {
        Predicate<LimitUse> ofKind = one -> one.kind() == kind;
        Predicate<LimitUse> ofCalls = ofKind.and(one -> one.values().calls() > 0);
        Predicate<LimitUse> ofRate = ofKind.and(one -> one.values().perSecond() > 0);
        gauge(
                prefix + "max_calls",
                "The most calls in flight " + whose + ", in the cluster.",
                ofCalls,
                one -> one.values().calls());
        gauge(prefix + "calls", "The calls in flight " + whose + ", through this node.", ofKind, LimitUse::calls);
        gauge(
                prefix + "calls_elsewhere",
                "The answered calls " + whose + " of other nodes, also of nodes that do not run any more.",
                ofKind,
                LimitUse::elsewhere);
        gauge(
                prefix + "free_places",
                "How many more calls " + whose + " this node may have without asking other nodes.",
                ofCalls,
                LimitUse::free);
        if (kind != CallLimits.Kind.CAPACITY) {
            gauge(
                    prefix + "max_cps",
                    "The most calls per second " + whose + ", in the cluster.",
                    ofRate,
                    one -> one.values().perSecond());
        }
        families.counter(
                prefix + "hits",
                "The calls " + whose + " that were refused, or sent to another destination, because of the limit.",
                values(ofKind, LimitUse::refused));
    }

    private void gauge(String name, String help, Predicate<LimitUse> which, ToLongFunction<LimitUse> value) {
        families.gauge(name, help, values(which, value));
    }

    /** Destinations without labels of their own are summed up; those that are not defined any more are left out. */
    private Map<Labels, Long> values(Predicate<LimitUse> which, ToLongFunction<LimitUse> value) {
        Map<Labels, Long> values = new LinkedHashMap<>();
        for (LimitUse one : limits) {
            Labels labels = which.test(one) ? labels(one) : null;
            if (labels != null) {
                values.merge(labels, value.applyAsLong(one), Long::sum);
            }
        }
        return values;
    }

    private Labels labels(LimitUse one) {
        if (one.kind() == CallLimits.Kind.SOURCE) {
            return Labels.of("source", one.part());
        }
        Labels labels = destinations.get(one.destination());
        return labels == null || one.part().isEmpty() ? labels : labels.merge(Labels.of("resource", one.part()));
    }
}
