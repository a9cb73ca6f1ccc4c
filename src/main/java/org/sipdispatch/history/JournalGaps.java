package org.sipdispatch.history;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Gaps in the journal's {@code ordering} that the projection skipped. Most belong to writes that failed; the gaps are
 * read again for a while in case a late insert fills them.
 */
final class JournalGaps {
    private static final int MOST = 200;

    /** The numbers from {@code behind + 1} to {@code upTo}. */
    record Range(long behind, long upTo, long atNanos) {}

    private final long everyNanos;
    private final long keptNanos;
    private final Deque<Range> ranges = new ArrayDeque<>();
    private long rereadNanos;

    JournalGaps(long everyNanos, long keptNanos) {
        this.everyNanos = everyNanos;
        this.keptNanos = keptNanos;
    }

    void add(long behind, long upTo, long nowNanos) {
        if (ranges.isEmpty()) {
            rereadNanos = nowNanos;
        }
        ranges.add(new Range(behind, upTo, nowNanos));
        if (ranges.size() > MOST) {
            ranges.remove();
        }
    }

    /** The gaps to read again now; mostly none. */
    List<Range> due(long nowNanos) {
        if (ranges.isEmpty() || nowNanos - rereadNanos < everyNanos) {
            return List.of();
        }
        rereadNanos = nowNanos;
        return List.copyOf(ranges);
    }

    /** The gap was read again. Forgets it if it was kept long enough. */
    void onReread(Range range, long nowNanos) {
        if (nowNanos - range.atNanos >= keptNanos) {
            ranges.remove(range);
        }
    }
}
