package org.sipdispatch.proxy;

import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.GenerationCache;
import org.sipdispatch.transaction.NextHop;

/**
 * Remembers which destination received a dialog's initial request. Some user agents ignore Record-Route and send
 * in-dialog requests to this proxy without a Route; a round robin would send them to another destination. Keyed by a
 * hash of the Call-ID.
 */
final class DialogAffinity {
    private static final long REMEMBERED_MS = 3_600_000;

    private final EventClock clock;
    private final GenerationCache<NextHop> hops;

    /** {@code most}: the approximate number of dialogs to remember. */
    DialogAffinity(int most, EventClock clock, LimitReporter limits) {
        this.clock = clock;
        hops = new GenerationCache<>(
                most, REMEMBERED_MS, clock.nowMs(), limits.earlyEviction(Limit.DIALOG_MEMORY, most));
    }

    void remember(long call, NextHop hop) {
        hops.put(call, hop, clock.nowMs());
    }

    /** The hop to which the call's initial request went; null if it is not remembered. */
    NextHop of(long call) {
        return hops.get(call);
    }
}
