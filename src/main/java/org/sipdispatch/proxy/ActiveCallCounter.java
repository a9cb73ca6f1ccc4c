package org.sipdispatch.proxy;

import org.sipdispatch.limits.CallHold;
import org.sipdispatch.observation.ActiveCalls;
import org.sipdispatch.observation.DestinationCounters;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.TransactionKey;

/** Counts the calls that 2xx responses begin. */
final class ActiveCallCounter {
    private final ActiveCalls calls;
    private final TransactionKey keys;

    ActiveCallCounter(ActiveCalls calls, TransactionKey keys) {
        this.calls = calls;
        this.keys = keys;
    }

    /**
     * A 2xx to an INVITE was received, possibly not the first one.
     *
     * @param counters those of the destination that has answered
     * @param ofDestination the call's places in the limits of the destination; null for none
     * @param ofSource the call's places in the limits of its source; null for none
     */
    void add(SipResponse response, DestinationCounters counters, CallHold ofDestination, CallHold ofSource) {
        long key = keys.callKey(response);
        calls.answered(key, counters, ofDestination, ofSource);
        if (ofDestination != null || ofSource != null) {
            calls.refreshed(key, SessionExpires.seconds(response));
        }
    }
}
