package org.sipdispatch.proxy;

import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.NextHop;

/**
 * What becomes of a request that belongs to no transaction, as {@link RequestRouter} decides: {@link RequestRelay} does it,
 * {@link Explainer} only tells it.
 */
interface RoutingOutcome {
    /** It is not carried, whatever the rules say. */
    void refused(SipRequest request, Flow flow, long key, Rejection refusal);

    /** It asks for this proxy itself. */
    void isOwn(IncomingRequest arrival);

    /** It goes where its Route says. */
    void followsRoute(IncomingRequest arrival);

    /** It goes where the request went that began its dialog. */
    void staysInDialog(IncomingRequest arrival, NextHop taken);

    /** It is answered, by a rule or since there is none for it; {@code rule} is null then. */
    void replied(IncomingRequest arrival, Rule rule, LocalReply reply);

    /** A rule selects who is to have it. */
    void dispatched(IncomingRequest arrival, Rule rule, RequestFacts facts);
}
