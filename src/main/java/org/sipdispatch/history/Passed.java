package org.sipdispatch.history;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Numbers of the journal that nobody waits for any longer. Most are of writes that failed and never come; for the others
 * it is looked again for a while.
 */
final class Passed {
    private static final int MOST = 200;

    /** Numbers behind that one and up to the other. */
    record Range(long behind, long upTo, long atNanos) {}

    private final long everyNanos;
    private final long keptNanos;
    private final Deque<Range> ranges = new ArrayDeque<>();
    private long lookedNanos;

    Passed(long everyNanos, long keptNanos) {
        this.everyNanos = everyNanos;
        this.keptNanos = keptNanos;
    }

    void add(long behind, long upTo, long nowNanos) {
        if (ranges.isEmpty()) {
            lookedNanos = nowNanos;
        }
        ranges.add(new Range(behind, upTo, nowNanos));
        if (ranges.size() > MOST) {
            ranges.remove();
        }
    }

    /** Those to look for now; mostly none. */
    List<Range> due(long nowNanos) {
        if (ranges.isEmpty() || nowNanos - lookedNanos < everyNanos) {
            return List.of();
        }
        lookedNanos = nowNanos;
        return List.copyOf(ranges);
    }

    /** It was looked for; for the last time if it was kept long enough. */
    void lookedFor(Range range, long nowNanos) {
        if (nowNanos - range.atNanos >= keptNanos) {
            ranges.remove(range);
        }
    }
}
