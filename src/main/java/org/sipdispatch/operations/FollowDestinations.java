package org.sipdispatch.operations;

import org.sipdispatch.replication.ChangeSubscription;

/** Subscribes to the destinations that this node knows: first all of them, then each change. */
public final class FollowDestinations {
    private final OperationContext context;

    FollowDestinations(OperationContext context) {
        this.context = context;
    }

    /**
     * Subscribes, starting with all destinations.
     *
     * @param wake called on any thread after each change; must not block
     */
    public ChangeSubscription answer(Runnable wake) {
        return context.changes().subscribe(wake);
    }
}
