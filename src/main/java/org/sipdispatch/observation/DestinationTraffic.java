package org.sipdispatch.observation;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.QualityCounts;

/**
 * One node's traffic to a destination since the start of the node.
 *
 * @param firstHits how often the destination was the first candidate ({@code first_hit_counter})
 * @param requests sent requests, one for each address that was tried, without retransmissions
 * @param replies provisional and final responses by class: index 0 is 1xx, index 5 is 6xx
 * @param silent requests without a final response in time
 * @param unreachable requests that could not be sent to the destination
 * @param failovers requests that continued with the next destination
 * @param latency the number of requests with their first response within each of {@link #LATENCY_MS}, and a last entry
 *     for slower ones; not cumulative
 * @param latencySumMicros the sum of these times, in microseconds
 * @param openCalls active calls: answered with a 2xx through this node, without a BYE yet
 * @param quality what became of the calls
 * @param targets the part of each target, by name; empty if the destination has had no targets
 */
public record DestinationTraffic(
        Destination destination,
        long firstHits,
        long requests,
        List<Long> replies,
        long silent,
        long unreachable,
        long failovers,
        List<Long> latency,
        long latencySumMicros,
        int openCalls,
        QualityCounts quality,
        Map<String, DestinationTraffic> targets) {
    /** Upper bounds of the time from a request to its first response, in milliseconds. */
    public static final List<Integer> LATENCY_MS = List.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000);

    /** The traffic to a destination without targets. */
    public DestinationTraffic(
            Destination destination,
            long firstHits,
            long requests,
            List<Long> replies,
            long silent,
            long unreachable,
            long failovers,
            List<Long> latency,
            long latencySumMicros,
            int openCalls) {
        this(
                destination,
                firstHits,
                requests,
                replies,
                silent,
                unreachable,
                failovers,
                latency,
                latencySumMicros,
                openCalls,
                QualityCounts.NONE,
                Map.of());
    }

    /** The values for a destination without traffic. */
    public static DestinationTraffic none(Destination destination) {
        List<Long> noReplies = Collections.nCopies(6, 0L);
        List<Long> noTimes = Collections.nCopies(LATENCY_MS.size() + 1, 0L);
        return new DestinationTraffic(destination, 0, 0, noReplies, 0, 0, 0, noTimes, 0, 0);
    }

    /** The sum of both. The destination is that of this object. */
    public DestinationTraffic plus(DestinationTraffic other) {
        return new DestinationTraffic(
                destination,
                firstHits + other.firstHits,
                requests + other.requests,
                plus(replies, other.replies),
                silent + other.silent,
                unreachable + other.unreachable,
                failovers + other.failovers,
                plus(latency, other.latency),
                latencySumMicros + other.latencySumMicros,
                openCalls + other.openCalls,
                quality.plus(other.quality),
                sums(targets, other.targets));
    }

    private static Map<String, DestinationTraffic> sums(
            Map<String, DestinationTraffic> some, Map<String, DestinationTraffic> more) {
        if (some.isEmpty() || more.isEmpty()) {
            return some.isEmpty() ? more : some;
        }
        Map<String, DestinationTraffic> sums = new TreeMap<>(some);
        more.forEach((name, traffic) -> sums.merge(name, traffic, DestinationTraffic::plus));
        return sums;
    }

    private static List<Long> plus(List<Long> some, List<Long> more) {
        return IntStream.range(0, some.size())
                .mapToObj(i -> some.get(i) + more.get(i))
                .toList();
    }
}
