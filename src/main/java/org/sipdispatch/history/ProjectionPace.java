package org.sipdispatch.history;

import java.time.Duration;

/**
 * How often to look for new records in the journal: often for some time after each change of a destination that this
 * node learns of, whichever node wrote it, and rarely while there are none. Not thread-safe.
 */
final class ProjectionPace {
    static final Duration OFTEN = Duration.ofMillis(200);
    /** Finds records that were written long after their changes, because a node could not reach the database. */
    static final Duration RARELY = Duration.ofSeconds(2);
    /** Longer than a record can be on its way, and than the wait at a gap between records. */
    private static final Duration LASTS = Duration.ofSeconds(30);

    private long changedNanos;

    /** At first records of earlier changes are expected. */
    ProjectionPace(long nowNanos) {
        changedNanos = nowNanos;
    }

    /**
     * Records are expected from now on.
     *
     * @return whether none were expected before
     */
    boolean changed(long nowNanos) {
        boolean wasRare = isRare(nowNanos);
        changedNanos = nowNanos;
        return wasRare;
    }

    /** The time until the next look. */
    Duration pause(long nowNanos) {
        return isRare(nowNanos) ? RARELY : OFTEN;
    }

    private boolean isRare(long nowNanos) {
        return nowNanos - changedNanos >= LASTS.toNanos();
    }
}
