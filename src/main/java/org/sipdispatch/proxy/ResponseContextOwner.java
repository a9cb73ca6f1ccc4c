package org.sipdispatch.proxy;

import org.sipdispatch.sip.SipResponse;

/** What keeps a {@link ResponseContext}: decides how long it lives, and accounts for the memory that it takes. */
interface ResponseContextOwner {
    /** The context lives as long as its next step, in milliseconds, can take at most; whatever goes wrong, it ends then. */
    void live(long stepMs);

    /** The context sends a message of so many bytes; {@code first}: for the first time. */
    void sends(IncomingRequest arrival, boolean first, int bytes);

    /** The context keeps so many bytes more. */
    void keeps(int bytes);

    /** Whether the request's source may have another attempt. */
    boolean mayTryAgain(IncomingRequest arrival);

    /**
     * A destination has answered an INVITE with a 2xx, perhaps not for the first time.
     *
     * @param counted whether the call is counted: its BYE will come by
     * @param remembered whether further requests of the dialog without a Route go there
     */
    void isAnswered(Attempt by, SipResponse response, boolean counted, boolean remembered);

    /** From here on only repetitions are answered, for 64*T1; {@code released}: the context has let go of its messages. */
    void settled(boolean released);
}
