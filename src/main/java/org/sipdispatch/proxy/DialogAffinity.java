package org.sipdispatch.proxy;

import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.sip.NameAddr;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.GenerationCache;
import org.sipdispatch.transaction.NextHop;

/**
 * Remembers which destination received a dialog's initial request. Some user agents ignore Record-Route and send
 * in-dialog requests to this proxy without a Route; a round robin would send them to another destination. The key
 * contains the caller's tag, which is in the From of the caller's requests and in the To of the destination's. So the
 * tags tell the direction of a request, regardless of the address it comes from, and no tag needs to be stored.
 */
final class DialogAffinity {
    private static final long REMEMBERED_MS = 3_600_000;

    private final TransactionKey keys;
    private final EventClock clock;
    private final GenerationCache<NextHop> hops;

    /** {@code most}: the approximate number of dialogs to remember. */
    DialogAffinity(int most, TransactionKey keys, EventClock clock, LimitReporter limits) {
        this.keys = keys;
        this.clock = clock;
        hops = new GenerationCache<>(
                most, REMEMBERED_MS, clock.nowMs(), limits.earlyEviction(Limit.DIALOG_MEMORY, most));
    }

    /** {@code message}: the initial request, or a response to it. */
    void remember(SipMessage message, NextHop hop) {
        hops.put(keys.dialogKey(message, message.from()), hop, clock.nowMs());
    }

    /**
     * The hop that received the initial request of the dialog that this party started; null if it is not remembered.
     *
     * @param caller the From or To of the message
     */
    NextHop of(SipMessage message, NameAddr caller) {
        return hops.get(keys.dialogKey(message, caller));
    }
}
