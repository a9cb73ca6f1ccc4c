package org.sipdispatch.observation;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.QualityCounts;

/**
 * The counters of all destinations that a lane has sent requests to. Keyed by id, so that they survive a new definition
 * of the destination. Written on the lane's thread; methods marked as thread-safe may be called on any thread.
 */
final class DestinationCounterTable {
    private static final long UNUSED_MS = 24 * 3_600_000;
    private static final long SWEEP_EVERY_MS = 3_600_000;

    private final int most;
    /** Changed on the lane's thread only; read on any. A new one is here before it is in {@link #all}. */
    private final Map<String, DestinationCounters> byId = Collections.synchronizedMap(new HashMap<>());

    private final CallLog calls = new CallLog();

    private long sweepAgainAtMs = Long.MIN_VALUE;
    /** Filled from index 0, one entry per id. */
    private volatile AtomicReferenceArray<DestinationCounters> all = new AtomicReferenceArray<>(16);

    /**
     * {@code most}: how many destinations to keep. At that number, destinations that were unused for a day are removed.
     */
    DestinationCounterTable(int most) {
        this.most = most;
    }

    /** The counters of a destination; creates them if necessary. On the lane's thread. */
    DestinationCounters of(Destination destination, long nowMs) {
        DestinationCounters counters = byId.get(destination.id());
        if (counters == null) {
            counters = new DestinationCounters(destination);
            counters.usedAt(nowMs);
            list(counters, nowMs);
        }
        counters.updateDefinition(destination);
        return counters;
    }

    /** Counts a request whose first candidate is this destination. */
    void firstHit(DestinationCounters counters, long nowMs) {
        use(counters.whole(), nowMs);
        counters.add(DestinationCounters.DestinationCounter.FIRST_HITS);
    }

    /** Counts a request sent to this destination. */
    void sent(DestinationCounters counters, long nowMs) {
        use(counters.whole(), nowMs);
        counters.add(DestinationCounters.DestinationCounter.REQUESTS);
    }

    /** Lists the counters again if they were removed: a caller may keep counters longer than this table does. */
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
            counters.redirectTo(instead);
        } else if (byId.size() < most) {
            byId.put(counters.id(), counters);
            int place = byId.size() - 1;
            if (place == all.length()) {
                all = filled(place * 2);
            } else {
                counters.listedAt(place, calls);
                all.set(place, counters);
                counters.noteCalls();
            }
        }
    }

    private AtomicReferenceArray<DestinationCounters> filled(int size) {
        AtomicReferenceArray<DestinationCounters> places = new AtomicReferenceArray<>(size);
        int place = 0;
        for (DestinationCounters counters : byId.values()) {
            counters.listedAt(place, calls);
            places.set(place++, counters);
        }
        return places;
    }

    private void sweep(long nowMs) {
        byId.values().removeIf(counters -> {
            boolean unused =
                    nowMs - counters.usedAtMs() >= UNUSED_MS && counters.openCalls() == 0 && counters.ringing() == 0;
            if (unused) {
                counters.unlisted();
            }
            return unused;
        });
        all = filled(Math.max(16, byId.size()));
    }

    /**
     * Where a search for the counters of one destination has ended.
     *
     * @param places the counters at that time; replaced when they move
     * @param next the first index that was not searched; may be beyond the last one
     * @param found null if the destination had no traffic
     */
    record SearchResult(AtomicReferenceArray<DestinationCounters> places, int next, DestinationCounters found) {
        /** Whether the same search would have the same result. */
        private boolean isCurrent(AtomicReferenceArray<DestinationCounters> now) {
            return places == now && (found != null || next >= places.length() || places.get(next) == null);
        }
    }

    /**
     * Finds the counters of the destination with this id. Returns {@code previous}, the last result for the same id or
     * null, if nothing has changed, so that a frequent reader reads one field. Thread-safe.
     */
    SearchResult find(String id, SearchResult previous) {
        AtomicReferenceArray<DestinationCounters> places = all;
        if (previous != null && previous.isCurrent(places)) {
            return previous;
        }
        // Counted before the search: one that is listed meanwhile may be missed, and makes the result outdated.
        int listed = byId.size();
        return new SearchResult(places, listed, byId.get(id));
    }

    /** The counters by their places, filled from index 0; another object when they have moved. Thread-safe. */
    AtomicReferenceArray<DestinationCounters> places() {
        return all;
    }

    /** What changes the calls in flight, by the places of the counters. Thread-safe. */
    CallLog calls() {
        return calls;
    }

    /** Passes the traffic of all destinations that have any to the reader. Thread-safe. */
    void forEach(Consumer<DestinationTraffic> reader) {
        listed().filter(one -> !one.isEmpty()).map(DestinationCounters::read).forEach(reader);
    }

    /** Passes the counts of the calls to each destination that had any to the reader, by its id. Thread-safe. */
    void forEachQuality(BiConsumer<String, QualityCounts> reader) {
        listed().forEach(one -> {
            QualityCounts quality = one.quality();
            if (!quality.isNone()) {
                reader.accept(one.id(), quality);
            }
        });
    }

    /** The number of active calls of all destinations. Thread-safe. */
    long openCalls() {
        return listed().mapToLong(DestinationCounters::openCalls).sum();
    }

    /** The number of INVITEs at all destinations without a final response. Thread-safe. */
    long ringing() {
        return listed().mapToLong(DestinationCounters::ringing).sum();
    }

    /** The number of active calls of the destination with this id. Thread-safe. */
    int openCalls(String id) {
        DestinationCounters counters = byId.get(id);
        return counters == null ? 0 : counters.openCalls();
    }

    /** The number of INVITEs at this destination without a final response. Thread-safe. */
    int ringing(String id) {
        DestinationCounters counters = byId.get(id);
        return counters == null ? 0 : counters.ringing();
    }

    private Stream<DestinationCounters> listed() {
        AtomicReferenceArray<DestinationCounters> places = all;
        return IntStream.range(0, places.length()).mapToObj(places::get).filter(Objects::nonNull);
    }
}
