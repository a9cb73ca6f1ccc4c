package org.sipdispatch.proxy;

import java.util.function.LongSupplier;

/** Whether this lane's views of the sets may be out of date since this process paused. */
final class ViewFreshness {
    private final LongSupplier pauses;
    private long confirmedPauses;

    /** {@code pauses}: how many pauses of this process were noticed. */
    ViewFreshness(LongSupplier pauses) {
        this.pauses = pauses;
    }

    /** Whether the cluster has not confirmed the views since the last pause. */
    boolean isStale() {
        return pauses.getAsLong() != confirmedPauses;
    }

    /** The cluster has confirmed the views after so many pauses. */
    void confirm(long count) {
        confirmedPauses = count;
    }
}
