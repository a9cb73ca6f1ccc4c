package org.sipdispatch.operations;

import java.util.function.LongConsumer;

/** Notifies of the newest history id as soon as there is a new one. */
public final class FollowHistory {
    private final OperationContext context;

    FollowHistory(OperationContext context) {
        this.context = context;
    }

    /** Whether the node has started; otherwise {@link #answer} refuses. */
    public boolean isPossible() {
        return context.isStarted();
    }

    /**
     * Subscribes to the newest history id.
     *
     * @param newest receives the id on any thread; must not block
     * @return ends the subscription
     */
    public AutoCloseable answer(LongConsumer newest) {
        return context.history().subscribe(newest);
    }
}
