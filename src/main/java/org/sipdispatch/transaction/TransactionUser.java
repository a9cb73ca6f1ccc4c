package org.sipdispatch.transaction;

import org.sipdispatch.sip.SipResponse;

/**
 * The transaction user of a client transaction (RFC 3261 section 17). Receives the transaction's reports.
 *
 * @param <H> the user's handle of the transaction, passed with each report
 */
public interface TransactionUser<H> {
    /**
     * A response that is not a retransmission has arrived. Called before the transaction changes its state, and before
     * the method for this class of responses.
     */
    void onResponse(H handle, SipResponse response);

    /** A provisional response has arrived, and the transaction was not given up. */
    void onProvisional(H handle, SipResponse response);

    /** A 2xx has arrived; for an INVITE, also each retransmission of it. */
    void onSuccess(H handle, SipResponse response);

    /** A final response other than 2xx has arrived. */
    void onFailure(H handle, SipResponse response);

    /** No response has arrived, and the request is about to be retransmitted (timer A or E). */
    void onRetransmission(H handle);

    /** Timer B, C or F fired; the transaction was given up. */
    void onTimeout(H handle);

    /** No response can arrive from the next hop any more. */
    void onTransportError(H handle, SendFailure why);

    /** The longest time between a provisional and the final response to an INVITE (timer C), in milliseconds. */
    long timerCMs();
}
