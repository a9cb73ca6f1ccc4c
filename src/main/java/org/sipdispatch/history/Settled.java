package org.sipdispatch.history;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Which numbers of the journal will not come any more. A number is taken before its record is there, and records may be
 * there in another order, or never: but what is below a number that was seen some time ago had that time to come.
 */
final class Settled {
    private record Seen(long number, long atNanos) {}

    private final long patienceNanos;
    private final Deque<Seen> seen = new ArrayDeque<>();
    private long upTo;

    Settled(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    /** That number is the highest that is there now. */
    void saw(long highest, long nowNanos) {
        if (seen.isEmpty() ? highest > upTo : highest > seen.getLast().number) {
            seen.add(new Seen(highest, nowNanos));
        }
        while (!seen.isEmpty() && nowNanos - seen.getFirst().atNanos >= patienceNanos) {
            upTo = seen.remove().number;
        }
    }

    /** Whether nothing below that number will come any more. */
    boolean isSettled(long number) {
        return number <= upTo;
    }
}
