package org.sipdispatch.operations;

import java.util.function.LongConsumer;

/** Tells of the newest place of the history as soon as there is one. */
public final class FollowHistory {
    private final OperationContext here;

    FollowHistory(OperationContext here) {
        this.here = here;
    }

    /** Whether there is something to follow yet; else {@link #answer} refuses. */
    public boolean isPossible() {
        return here.isStarted();
    }

    /**
     * Follows.
     *
     * @param newest is told on any thread, and must not hold it up
     * @return ends that
     */
    public AutoCloseable answer(LongConsumer newest) {
        return here.history().subscribe(newest);
    }
}
