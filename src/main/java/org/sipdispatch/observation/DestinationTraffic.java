package org.sipdispatch.observation;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.sipdispatch.sets.Destination;

/**
 * What one node's traffic did at a destination since the start.
 *
 * @param firstHits how often it was the first that a request was to go to ({@code first_hit_counter})
 * @param requests requests sent there, one for each address that was tried, retransmissions not counted
 * @param replies final and provisional replies by their class: at 0 1xx, at 5 6xx
 * @param silent requests that it left without a final answer in time
 * @param unreachable requests that could not reach it
 * @param failovers requests that went on to the next destination from here
 * @param latency how many requests had their first reply within each of {@link #LATENCY_MS}, the last place for those
 *     beyond; not summed up
 * @param latencySumMicros the sum of all these times
 * @param openCalls calls that go on there: answered with a 2xx through this node, and no BYE seen yet
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
        int openCalls) {
    /** The upper bounds of the times from a request to its first reply, in milliseconds. */
    public static final List<Integer> LATENCY_MS = List.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000);

    /** Of a destination that had none. */
    public static DestinationTraffic none(Destination destination) {
        List<Long> noReplies = Collections.nCopies(6, 0L);
        List<Long> noTimes = Collections.nCopies(LATENCY_MS.size() + 1, 0L);
        return new DestinationTraffic(destination, 0, 0, noReplies, 0, 0, 0, noTimes, 0, 0);
    }

    /** Both together; the destination is the one of this. */
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
                openCalls + other.openCalls);
    }

    private static List<Long> plus(List<Long> some, List<Long> more) {
        return IntStream.range(0, some.size())
                .mapToObj(i -> some.get(i) + more.get(i))
                .toList();
    }
}
