package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * A destination's traffic counters at one time, or their difference between two times.
 *
 * @param hits how often it was the first choice of a selection
 * @param successes replies of 2xx
 * @param redirectsAndClientErrors replies of 3xx and 4xx
 * @param serverErrors replies of 5xx and 6xx
 * @param failures requests without an answer, or that could not reach it
 * @param latency number of first replies by upper bound in milliseconds
 * @param openCalls active calls
 */
record TrafficSample(
        long hits,
        long successes,
        long redirectsAndClientErrors,
        long serverErrors,
        long failures,
        Map<Double, Long> latency,
        long openCalls) {
    static final TrafficSample NONE = new TrafficSample(0, 0, 0, 0, 0, Map.of(), 0);

    static TrafficSample of(JsonNode traffic) {
        JsonNode replies = traffic.path("replies");
        Map<Double, Long> latency = new TreeMap<>();
        traffic.path("latencyMs")
                .path("buckets")
                .properties()
                .forEach(bucket -> latency.put(
                        bucket.getKey().matches("[0-9.]+")
                                ? Double.parseDouble(bucket.getKey())
                                : Double.POSITIVE_INFINITY,
                        bucket.getValue().asLong()));
        return new TrafficSample(
                traffic.path("firstHits").asLong(),
                replies.path("2xx").asLong(),
                replies.path("3xx").asLong() + replies.path("4xx").asLong(),
                replies.path("5xx").asLong() + replies.path("6xx").asLong(),
                traffic.path("silent").asLong() + traffic.path("unreachable").asLong(),
                latency,
                traffic.path("openCalls").asLong());
    }

    /** The difference to an earlier sample; this sample if the node has restarted since. */
    TrafficSample since(TrafficSample before) {
        if (hits < before.hits || successes < before.successes) {
            return this;
        }
        Map<Double, Long> newer = new TreeMap<>();
        latency.forEach((bound, count) ->
                newer.put(bound, Math.max(0, count - before.latency.getOrDefault(bound, 0L))));
        return new TrafficSample(
                hits - before.hits,
                successes - before.successes,
                Math.max(0, redirectsAndClientErrors - before.redirectsAndClientErrors),
                Math.max(0, serverErrors - before.serverErrors),
                Math.max(0, failures - before.failures),
                newer,
                openCalls);
    }

    TrafficSample plus(TrafficSample other) {
        Map<Double, Long> both = new TreeMap<>(latency);
        other.latency.forEach((bound, count) -> both.merge(bound, count, Long::sum));
        return new TrafficSample(
                hits + other.hits,
                successes + other.successes,
                redirectsAndClientErrors + other.redirectsAndClientErrors,
                serverErrors + other.serverErrors,
                failures + other.failures,
                both,
                openCalls + other.openCalls);
    }

    /** The bound in milliseconds below which this share of the first replies came; {@code -} if there are none. */
    String latency(double part) {
        long all = latency.values().stream().mapToLong(Long::longValue).sum();
        long counted = 0;
        double finite = 0;
        for (Map.Entry<Double, Long> bucket : latency.entrySet()) {
            finite = bucket.getKey().isInfinite() ? finite : bucket.getKey();
            counted += bucket.getValue();
            if (all > 0 && counted >= all * part) {
                return bucket.getKey().isInfinite() ? ">" + whole(finite) : "<" + whole(bucket.getKey());
            }
        }
        return "-";
    }

    private static String whole(double ms) {
        return ms == Math.rint(ms) ? String.valueOf((long) ms) : String.valueOf(ms);
    }
}
