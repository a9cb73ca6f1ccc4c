package org.sipdispatch.proxy;

import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.GenerationCache;
import org.sipdispatch.transaction.NextHop;

/**
 * Which destination took a dialog, for user agents that ignore Record-Route and send the dialog's further requests to
 * this proxy without a Route. They would be dispatched anew otherwise, and a round robin would send them to another
 * destination. Keyed by a hash of the Call-ID.
 */
final class DialogAffinity {
    private static final long REMEMBERED_MS = 3_600_000;

    private final EventClock clock;
    private final GenerationCache<NextHop> hops;

    /** {@code most}: about how many dialogs are remembered. */
    DialogAffinity(int most, EventClock clock, LimitReporter limits) {
        this.clock = clock;
        hops = new GenerationCache<>(
                most, REMEMBERED_MS, clock.nowMs(), limits.forgetsEarly(Limit.DIALOG_MEMORY, most));
    }

    void taken(long call, NextHop hop) {
        hops.put(call, hop, clock.nowMs());
    }

    /** Where the request went that began a call; null if it is not remembered. */
    NextHop of(long call) {
        return hops.get(call);
    }
}
