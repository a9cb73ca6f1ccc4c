package org.sipdispatch.observation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.QualityCounts;

/**
 * The counters of one lane's traffic to one destination, or to one of its targets: what those of a target count, those of
 * its destination count too. Written on the lane's thread only; readable on any thread.
 */
public final class DestinationCounters {
    /** The counters that are incremented one by one; named as in {@link DestinationTraffic}. */
    public enum DestinationCounter {
        FIRST_HITS,
        REQUESTS,
        SILENT,
        UNREACHABLE,
        FAILOVERS
    }

    /** Further targets have no counters of their own. */
    private static final int MOST_TARGETS = 64;

    private static final int OPEN_CALLS = DestinationCounter.values().length;
    private static final int RINGING = OPEN_CALLS + 1;
    private static final int LATENCY_SUM = RINGING + 1;
    private static final int REPLIES = LATENCY_SUM + 1;
    private static final int LATENCY = REPLIES + 6;
    private static final int SEIZURES = LATENCY + DestinationTraffic.LATENCY_MS.size() + 1;
    private static final int ANSWERS = SEIZURES + 1;
    private static final int EFFECTIVE = ANSWERS + 1;
    private static final int DELAYS = EFFECTIVE + 1;
    private static final int DELAY_SUM = DELAYS + 1;
    private static final int ENDED = DELAY_SUM + 1;
    private static final int CALL_TIME = ENDED + 1;
    private static final int SIZE = CALL_TIME + 1;
    private static final long[] BOUNDS_MICROS =
            DestinationTraffic.LATENCY_MS.stream().mapToLong(ms -> ms * 1000L).toArray();

    /** Shared with the listed counters after {@link #redirectTo}; then read only on the lane's thread. */
    private AtomicLongArray counts = new AtomicLongArray(SIZE);

    /** Kept, since a destination makes the text of its id each time. */
    private final String id;

    private volatile Destination destination;
    /** The time of the last use. Lane's thread only. */
    private long usedAtMs;
    /** The log of the lane's table while it lists these counters, so that readers see them. Lane's thread only. */
    private CallLog log;
    /** The place in that table. Lane's thread only. */
    private int place;
    /** The listed ones after {@link #redirectTo}; null before. */
    private DestinationCounters instead;

    /** Those of the destination of this target; null if these are not the counters of a target. */
    private DestinationCounters whole;
    /** Those of the targets by name; replaced when one is added. */
    private volatile Map<String, DestinationCounters> targets = Map.of();

    DestinationCounters(Destination destination) {
        this.destination = destination;
        id = destination.id();
    }

    /** The counters of a target of this destination, see {@link org.sipdispatch.sets.Target#name()}. */
    DestinationCounters target(String name) {
        DestinationCounters known = targets.get(name);
        if (known != null) {
            known.updateDefinition(destination);
            return known;
        } else if (targets.size() >= MOST_TARGETS) {
            return this;
        }
        DestinationCounters created = new DestinationCounters(destination);
        created.whole = this;
        Map<String, DestinationCounters> more = new HashMap<>(targets);
        more.put(name, created);
        targets = more;
        return created;
    }

    /** The counters of the destination: these, unless they are those of a target. */
    DestinationCounters whole() {
        return whole == null ? this : whole;
    }

    /** Updates the definition: a destination with the same id may have other attributes now. */
    void updateDefinition(Destination defined) {
        if (destination != defined) {
            destination = defined;
        }
    }

    String id() {
        return id;
    }

    boolean isListed() {
        return log != null;
    }

    /** The table lists these counters at that place. */
    void listedAt(int where, CallLog calls) {
        place = where;
        log = calls;
    }

    /** The table does not list these counters any more. */
    void unlisted() {
        log = null;
    }

    /** The calls in flight may have changed. */
    void noteCalls() {
        if (instead != null) {
            instead.noteCalls();
        } else if (log != null) {
            log.note(place);
        }
    }

    /** Redirects all counting to {@code listedOne}, which has the same id and is listed. */
    void redirectTo(DestinationCounters listedOne) {
        if (instead == listedOne) {
            return;
        }
        instead = listedOne;
        // Active calls and ringing INVITEs will be decremented there.
        listedOne.add(OPEN_CALLS, counts.getPlain(OPEN_CALLS));
        listedOne.add(RINGING, counts.getPlain(RINGING));
        counts = listedOne.counts;
        listedOne.usedAtMs = usedAtMs;
        targets.forEach((name, target) -> {
            DestinationCounters instead = listedOne.target(name);
            if (instead != listedOne) {
                instead.addHere(OPEN_CALLS, target.counts.getPlain(OPEN_CALLS));
                instead.addHere(RINGING, target.counts.getPlain(RINGING));
                target.counts = instead.counts;
            }
            target.whole = listedOne;
        });
        targets = listedOne.targets;
        listedOne.noteCalls();
    }

    long usedAtMs() {
        return usedAtMs;
    }

    void usedAt(long nowMs) {
        usedAtMs = nowMs;
    }

    public void add(DestinationCounter what) {
        add(what.ordinal(), 1);
    }

    /** Changes the number of active calls. */
    void addOpenCalls(int more) {
        add(OPEN_CALLS, more);
        whole().noteCalls();
    }

    /** Changes the number of INVITEs without a final response. */
    public void addRinging(int more) {
        add(RINGING, more);
        whole().noteCalls();
    }

    public void replied(int status) {
        add(REPLIES + Math.min(Math.max(status / 100, 1), 6) - 1, 1);
    }

    public void firstReplyAfter(long micros) {
        int bucket = 0;
        while (bucket < BOUNDS_MICROS.length && micros > BOUNDS_MICROS[bucket]) {
            bucket++;
        }
        add(LATENCY + bucket, 1);
        add(LATENCY_SUM, micros);
    }

    /**
     * Counts the outcome of a call; {@code before}: the outcome that was counted for it already, since a 2xx may come
     * late; null for none.
     */
    public void outcome(CallOutcome outcome, CallOutcome before) {
        if (before == null) {
            add(SEIZURES, 1);
        }
        if (outcome == CallOutcome.ANSWERED) {
            add(ANSWERS, 1);
        }
        if (outcome.isEffective() && (before == null || !before.isEffective())) {
            add(EFFECTIVE, 1);
        }
    }

    /** Counts the post-dial delay of a call. */
    public void postDialDelay(long micros) {
        add(DELAYS, 1);
        add(DELAY_SUM, micros);
    }

    /** Counts a call that has ended with a BYE, and its duration. */
    void callEnded(long durationMs) {
        add(ENDED, 1);
        add(CALL_TIME, durationMs);
    }

    private void add(int at, long more) {
        addHere(at, more);
        if (whole != null) {
            whole.addHere(at, more);
        }
    }

    private void addHere(int at, long more) {
        counts.lazySet(at, counts.getPlain(at) + more);
    }

    int openCalls() {
        return (int) counts.get(OPEN_CALLS);
    }

    int ringing() {
        return (int) counts.get(RINGING);
    }

    long requests() {
        return get(DestinationCounter.REQUESTS);
    }

    boolean isEmpty() {
        return IntStream.range(0, SIZE).allMatch(at -> counts.get(at) == 0);
    }

    /** The sums from which the figures of the last seconds are computed. */
    FigureWindow.Totals totals() {
        long finals = sum(REPLIES + 1, LATENCY);
        long failed = get(DestinationCounter.SILENT) + get(DestinationCounter.UNREACHABLE);
        return new FigureWindow.Totals(
                get(DestinationCounter.REQUESTS),
                finals + failed,
                counts.get(REPLIES + 1),
                sum(LATENCY, SEIZURES),
                counts.get(LATENCY_SUM));
    }

    /** What became of the calls since the start. */
    QualityCounts quality() {
        return counts.get(SEIZURES) == 0 && counts.get(DELAYS) == 0 && counts.get(ENDED) == 0
                ? QualityCounts.NONE
                : new QualityCounts(
                        counts.get(SEIZURES),
                        counts.get(ANSWERS),
                        counts.get(EFFECTIVE),
                        counts.get(DELAYS),
                        counts.get(DELAY_SUM),
                        counts.get(ENDED),
                        counts.get(CALL_TIME));
    }

    private long sum(int from, int to) {
        long sum = 0;
        for (int at = from; at < to; at++) {
            sum += counts.get(at);
        }
        return sum;
    }

    DestinationTraffic read() {
        return new DestinationTraffic(
                destination,
                get(DestinationCounter.FIRST_HITS),
                get(DestinationCounter.REQUESTS),
                range(REPLIES, LATENCY),
                get(DestinationCounter.SILENT),
                get(DestinationCounter.UNREACHABLE),
                get(DestinationCounter.FAILOVERS),
                range(LATENCY, SEIZURES),
                counts.get(LATENCY_SUM),
                openCalls(),
                quality(),
                targetTraffic());
    }

    private Map<String, DestinationTraffic> targetTraffic() {
        Map<String, DestinationCounters> known = targets;
        if (known.isEmpty()) {
            return Map.of();
        }
        Map<String, DestinationTraffic> traffic = new TreeMap<>();
        known.forEach((name, target) -> traffic.put(name, target.read()));
        return traffic;
    }

    private long get(DestinationCounter what) {
        return counts.get(what.ordinal());
    }

    private List<Long> range(int from, int to) {
        return LongStream.range(from, to)
                .map(at -> counts.get((int) at))
                .boxed()
                .toList();
    }
}
