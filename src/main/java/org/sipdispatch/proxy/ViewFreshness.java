package org.sipdispatch.proxy;

import java.util.function.LongSupplier;

/** Whether this lane's views of the sets may be out of date after a pause of this process. */
final class ViewFreshness {
    private final LongSupplier pauses;
    private long confirmedPauses;

    /** {@code pauses}: the number of detected pauses of this process. */
    ViewFreshness(LongSupplier pauses) {
        this.pauses = pauses;
    }

    /** Whether the cluster has not yet confirmed the views since the last pause. */
    boolean isStale() {
        return pauses.getAsLong() != confirmedPauses;
    }

    /** The cluster has confirmed the views as they were after {@code count} pauses. */
    void confirm(long count) {
        confirmedPauses = count;
    }
}
