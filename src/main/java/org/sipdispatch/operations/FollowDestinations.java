package org.sipdispatch.operations;

import org.sipdispatch.replication.ChangeSubscription;

/** Follows what this node knows of destinations: all at first, then those that changed. */
public final class FollowDestinations {
    private final OperationContext here;

    FollowDestinations(OperationContext here) {
        this.here = here;
    }

    /**
     * Begins with all.
     *
     * @param wake run on any thread after each change; must not block
     */
    public ChangeSubscription answer(Runnable wake) {
        return here.changes().subscribe(wake);
    }
}
