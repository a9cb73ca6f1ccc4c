package org.sipdispatch.proxy;

import java.util.List;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.SipResponse;

/** Owns a {@link ResponseContext}: manages its lifetime and accounts for its memory. */
interface ResponseContextOwner {
    /**
     * Extends the context's lifetime to cover the next step, which takes {@code stepMs} milliseconds at most, and as long
     * as any step before. Expiry always ends the context.
     */
    void extendLifetime(long stepMs);

    /** The context sends a message of that many bytes; {@code first}: it is the first message. */
    void accountSent(IncomingRequest arrival, boolean first, int bytes);

    /** The context keeps that many additional bytes. */
    void accountKept(int bytes);

    /** The destinations, not more than may get a request at once. */
    List<Destination> admittedAtOnce(List<Destination> selected);

    /** Whether the quota of the request's source admits another attempt. */
    boolean mayTryAgain(IncomingRequest arrival);

    /**
     * A destination responded with a 2xx, possibly not the first one.
     *
     * @param counted whether to count the call as active, because its BYE will pass through
     * @param remembered whether later requests of the dialog without a Route, and those with the same sticky key, go to
     *     this destination
     */
    void onAnswered(Attempt by, SipResponse response, boolean counted, boolean remembered);

    /** The final response has been sent: only retransmissions are processed from now on, for 64*T1. */
    void finalResponseSent();
}
