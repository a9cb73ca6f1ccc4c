package org.sipdispatch.metrics;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.destination.Pinger;

/** Counts the results of this node's pings, for its own destinations and as second opinions for other nodes. */
final class ProbeCounts {
    private static final int KINDS = PingResult.PingOutcome.values().length;

    private final Map<String, AtomicLongArray> byId = new ConcurrentHashMap<>();

    /** Wraps a pinger to count its results. */
    Pinger counting(Pinger pinger) {
        return (ping, pauses, then) -> pinger.ping(ping, pauses, counted(ping, then));
    }

    private Consumer<PingResult> counted(Ping ping, Consumer<PingResult> then) {
        return result -> {
            byId.computeIfAbsent(ping.destination().id(), unused -> new AtomicLongArray(KINDS))
                    .incrementAndGet(result.outcome().ordinal());
            then.accept(result);
        };
    }

    /** The number of pings of that destination with that result. */
    long count(String id, PingResult.PingOutcome outcome) {
        AtomicLongArray counts = byId.get(id);
        return counts == null ? 0 : counts.get(outcome.ordinal());
    }

    /** Removes the destinations that are no longer defined, and passes their counts to {@code forgotten}. */
    void retain(Collection<String> ids, BiConsumer<String, Map<PingResult.PingOutcome, Long>> forgotten) {
        Set<String> defined = Set.copyOf(ids);
        byId.forEach((id, counts) -> {
            if (!defined.contains(id) && byId.remove(id, counts)) {
                Map<PingResult.PingOutcome, Long> byKind = new EnumMap<>(PingResult.PingOutcome.class);
                for (PingResult.PingOutcome outcome : PingResult.PingOutcome.values()) {
                    byKind.put(outcome, counts.get(outcome.ordinal()));
                }
                forgotten.accept(id, byKind);
            }
        });
    }
}
