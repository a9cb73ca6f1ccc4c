package org.sipdispatch.proxy;

import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.SendFailure;

/** A statefully relayed request, while messages of its transaction are processed. */
interface StatefulRequest {
    boolean isInvite();

    /** Whether an ACK of the transaction is for this proxy. The ACK for a 2xx is for the callee. */
    boolean isAcknowledgedHere();

    /** Processes the ACK. */
    void acknowledged();

    /** Processes a retransmission of the request. */
    void repeated(Flow flow);

    /** The caller has cancelled its INVITE. */
    void cancel(Flow flow);

    /** Processes a response to the attempt with this number. */
    void received(SipResponse response, int number);

    /** Responds to the request, unless an attempt has been made. */
    void failed(LocalReply reply);

    /** The request of the attempt with this number, for which sending was reported as successful, could not be sent. */
    void notSent(int number, SendFailure why);

    default boolean isFor(SipRequest request) {
        return isInvite() == request.isMethod("INVITE");
    }
}
