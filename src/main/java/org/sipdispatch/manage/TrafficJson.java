package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.operations.NodeQueries;
import org.sipdispatch.sets.Destination;

/** Traffic counters as JSON. */
final class TrafficJson {
    private static final int MICROS = 1000;

    private TrafficJson() {}

    static ObjectNode of(NodeQueries.TrafficCounters view) {
        ObjectNode node = Json.object().put("atMs", view.atMs());
        ObjectNode counters = node.putObject("node");
        view.counters().forEach((counter, count) -> counters.put(counter.name().toLowerCase(Locale.ROOT), count));
        counters.put("pending", view.pending());
        ArrayNode destinations = node.putArray("destinations");
        view.destinations().forEach(one -> destinations.add(of(one.destination(), one)));
        ArrayNode quality = node.putArray("quality");
        view.quality().forEach((id, counts) -> quality.addObject().put("id", id).setAll(QualityJson.of(counts)));
        ArrayNode shares = node.putArray("shares");
        view.shares().forEach((id, share) -> shares.addObject().put("id", id).setAll(QualityJson.of(share)));
        return node;
    }

    /** @param traffic null if there was none */
    static ObjectNode of(Destination destination, DestinationTraffic traffic) {
        DestinationTraffic one = traffic == null ? DestinationTraffic.none(destination) : traffic;
        ObjectNode node = Json.object()
                .put("id", destination.id())
                .put("firstHits", one.firstHits())
                .put("requests", one.requests());
        ObjectNode replies = node.putObject("replies");
        for (int i = 0; i < one.replies().size(); i++) {
            replies.put((i + 1) + "xx", one.replies().get(i));
        }
        node.put("silent", one.silent()).put("unreachable", one.unreachable()).put("failovers", one.failovers());
        node.set("latencyMs", latency(one));
        node.put("openCalls", one.openCalls());
        if (!one.targets().isEmpty()) {
            ArrayNode targets = node.putArray("targets");
            one.targets().forEach((name, ofOne) -> targets.add(ofTarget(name, ofOne)));
        }
        return node;
    }

    private static ObjectNode ofTarget(String name, DestinationTraffic traffic) {
        ObjectNode node = Json.object().put("target", name);
        node.setAll(of(traffic.destination(), traffic));
        // What concerns the choice between destinations is counted for these only.
        return node.remove(List.of("id", "firstHits", "failovers"));
    }

    private static ObjectNode latency(DestinationTraffic one) {
        long count = one.latency().stream().mapToLong(Long::longValue).sum();
        ObjectNode node = Json.object().put("count", count).put("sumMs", (double) one.latencySumMicros() / MICROS);
        ObjectNode buckets = node.putObject("buckets");
        for (int i = 0; i < one.latency().size(); i++) {
            boolean last = i == DestinationTraffic.LATENCY_MS.size();
            buckets.put(
                    last ? "inf" : DestinationTraffic.LATENCY_MS.get(i).toString(),
                    one.latency().get(i));
        }
        return node;
    }
}
