package org.sipdispatch.history;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Which numbers of the journal will not come any more. A number is taken before its record is there, and records may be
 * there in another order, or never: but what is below a number that was seen some time ago had that time to come. Where
 * the database tells that all who wrote at that time have ended, a short time is enough.
 */
final class Settled {
    private record Seen(long number, long next, long atNanos) {}

    private final long leastNanos;
    private final long mostNanos;
    private final Deque<Seen> seen = new ArrayDeque<>();
    private long upTo;

    /** {@code mostNanos}: longer than whoever writes a record waits for the database. */
    Settled(long leastNanos, long mostNanos) {
        this.leastNanos = leastNanos;
        this.mostNanos = mostNanos;
    }

    /** That number is the highest that is there; {@code writing}: asked after it. */
    void saw(long highest, JournalTable.Writing writing, long nowNanos) {
        if (seen.isEmpty() ? highest > upTo : highest > seen.getLast().number) {
            seen.add(new Seen(highest, writing.next(), nowNanos));
        }
        while (!seen.isEmpty() && isOver(seen.getFirst(), writing, nowNanos)) {
            upTo = seen.remove().number;
        }
    }

    private boolean isOver(Seen one, JournalTable.Writing writing, long nowNanos) {
        long age = nowNanos - one.atNanos;
        return age >= mostNanos || age >= leastNanos && writing.oldest() >= one.next;
    }

    /** Whether nothing below that number will come any more. */
    boolean isSettled(long number) {
        return number <= upTo;
    }
}
