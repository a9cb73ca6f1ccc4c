package org.sipdispatch.transaction;

import org.sipdispatch.sip.SipResponse;

/**
 * The transaction user of a client transaction (RFC 3261 section 17): what the transaction reports to.
 *
 * @param <H> the user's own handle of the transaction, which it gets back with each report
 */
public interface TransactionUser<H> {
    /**
     * A response arrived that is no retransmission. Called before the transaction changes its state, and before the
     * method for this class of responses.
     */
    void onResponse(H handle, SipResponse response);

    /** A provisional response arrived, and the transaction was not given up. */
    void onProvisional(H handle, SipResponse response);

    /** A 2xx arrived; for an INVITE also each retransmission of it. */
    void onSuccess(H handle, SipResponse response);

    /** A final response arrived that is no 2xx. */
    void onFailure(H handle, SipResponse response);

    /** No response has arrived, and the request is about to be sent again (timer A or E). */
    void onRetransmission(H handle);

    /** Timer B, C or F fired; the transaction was given up. */
    void onTimeout(H handle);

    /** Nothing more will arrive from the next hop. */
    void onTransportError(H handle, SendFailure why);

    /** How long an INVITE may stay without a final response after a provisional one (timer C), in milliseconds. */
    long timerCMs();
}
