package org.sipdispatch.history;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Low watermark of the journal's {@code ordering}: no insert below it can still be running. A writer takes its number
 * before it commits, so records become visible in any order, or never. Every number below one that was seen long enough
 * ago has had its time. If the database shows that all transactions of that moment have ended, a short time is enough.
 */
final class GapWatermark {
    private record Sample(long number, long next, long atNanos) {}

    private final long leastNanos;
    private final long mostNanos;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private long upTo;

    /**
     * @param leastNanos the wait if the database shows that the writers have ended
     * @param mostNanos the wait otherwise; longer than the longest database timeout of a writer
     */
    GapWatermark(long leastNanos, long mostNanos) {
        this.leastNanos = leastNanos;
        this.mostNanos = mostNanos;
    }

    /** Records the highest number that is visible. Query {@code writing} after {@code highest}. */
    void observe(long highest, JournalTable.RunningTransactions writing, long nowNanos) {
        if (samples.isEmpty() ? highest > upTo : highest > samples.getLast().number) {
            samples.add(new Sample(highest, writing.next(), nowNanos));
        }
        while (!samples.isEmpty() && isElapsed(samples.getFirst(), writing, nowNanos)) {
            upTo = samples.remove().number;
        }
    }

    private boolean isElapsed(Sample one, JournalTable.RunningTransactions writing, long nowNanos) {
        long age = nowNanos - one.atNanos;
        return age >= mostNanos || age >= leastNanos && writing.oldest() >= one.next;
    }

    /** Whether no insert below that number can still arrive. */
    boolean isComplete(long number) {
        return number <= upTo;
    }
}
