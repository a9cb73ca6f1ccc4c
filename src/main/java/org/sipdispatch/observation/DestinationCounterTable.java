package org.sipdispatch.observation;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.sipdispatch.sets.Destination;

/**
 * The counters of all destinations that a lane sent something to: found by the lane alone, read by anybody. They are
 * kept by id, so that they outlive definitions that are replaced.
 */
final class DestinationCounterTable {
    private static final long UNUSED_MS = 24 * 3_600_000;
    private static final long SWEEP_EVERY_MS = 3_600_000;

    private final int most;
    private final Map<String, DestinationCounters> byId = new HashMap<>();
    private long sweepAgainAtMs = Long.MIN_VALUE;
    /** Filled from the front, as many as there are ids. */
    private volatile AtomicReferenceArray<DestinationCounters> all = new AtomicReferenceArray<>(16);

    /** {@code most}: how many are kept; when there are more, those that were not used for a day are let go. */
    DestinationCounterTable(int most) {
        this.most = most;
    }

    /** Where it is counted; on the lane's thread only, as all that is not said to be for anybody. */
    DestinationCounters of(Destination destination, long nowMs) {
        DestinationCounters counters = byId.get(destination.id());
        if (counters == null) {
            counters = new DestinationCounters(destination);
            counters.usedAt(nowMs);
            list(counters, nowMs);
        }
        counters.isNow(destination);
        return counters;
    }

    /** It is the first that a request is to go to. */
    void firstHit(DestinationCounters counters, long nowMs) {
        use(counters, nowMs);
        counters.add(DestinationCounters.Count.FIRST_HITS);
    }

    /** It was sent a request. */
    void sent(DestinationCounters counters, long nowMs) {
        use(counters, nowMs);
        counters.add(DestinationCounters.Count.REQUESTS);
    }

    /** Whoever remembers counters may come back with them when they were let go, and others took their place. */
    private void use(DestinationCounters counters, long nowMs) {
        counters.usedAt(nowMs);
        if (!counters.isListed()) {
            list(counters, nowMs);
        }
    }

    private void list(DestinationCounters counters, long nowMs) {
        if (byId.size() >= most && nowMs >= sweepAgainAtMs) {
            sweepAgainAtMs = nowMs + SWEEP_EVERY_MS;
            sweep(nowMs);
        }
        DestinationCounters instead = byId.get(counters.id());
        if (instead != null) {
            counters.joins(instead);
        } else if (byId.size() < most) {
            byId.put(counters.id(), counters);
            counters.listed(true);
            int place = byId.size() - 1;
            if (place == all.length()) {
                all = filled(place * 2);
            } else {
                all.set(place, counters);
            }
        }
    }

    private AtomicReferenceArray<DestinationCounters> filled(int size) {
        AtomicReferenceArray<DestinationCounters> places = new AtomicReferenceArray<>(size);
        int place = 0;
        for (DestinationCounters counters : byId.values()) {
            places.set(place++, counters);
        }
        return places;
    }

    private void sweep(long nowMs) {
        byId.values().removeIf(counters -> {
            boolean unused =
                    nowMs - counters.usedAtMs() >= UNUSED_MS && counters.openCalls() == 0 && counters.ringing() == 0;
            counters.listed(!unused);
            return unused;
        });
        all = filled(Math.max(16, byId.size()));
    }

    /** Those at which anything happened; for anybody. */
    void forEach(Consumer<DestinationTraffic> reader) {
        listed().filter(one -> !one.isEmpty()).map(DestinationCounters::read).forEach(reader);
    }

    /** How many calls go on there; for anybody. */
    int openCalls(String id) {
        return listed().filter(one -> one.openCalls() != 0 && one.id().equals(id))
                .mapToInt(DestinationCounters::openCalls)
                .sum();
    }

    /** How many INVITEs wait there for their final answer; for anybody. */
    int ringing(String id) {
        return listed().filter(one -> one.ringing() != 0 && one.id().equals(id))
                .mapToInt(DestinationCounters::ringing)
                .sum();
    }

    private Stream<DestinationCounters> listed() {
        AtomicReferenceArray<DestinationCounters> places = all;
        return IntStream.range(0, places.length()).mapToObj(places::get).filter(Objects::nonNull);
    }
}
