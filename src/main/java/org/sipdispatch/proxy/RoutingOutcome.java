package org.sipdispatch.proxy;

import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.NextHop;

/**
 * The possible decisions of {@link RequestRouter} for a request that belongs to no transaction. {@link RequestRelay}
 * executes them, {@link Explainer} describes them.
 */
interface RoutingOutcome {
    /** The request is refused, regardless of the rules. */
    void refused(SipRequest request, Flow flow, long key, Rejection refusal);

    /** The request is for this proxy itself. */
    void isForThisProxy(IncomingRequest arrival);

    /** The request follows its Route. */
    void followsRoute(IncomingRequest arrival);

    /** The request goes to the hop that its dialog's initial request went to. */
    void followsDialog(IncomingRequest arrival, NextHop taken);

    /** This proxy responds, because a rule says so or because no rule matched; {@code rule} is null if none matched. */
    void replied(IncomingRequest arrival, Rule rule, LocalReply reply);

    /** A rule selects destinations for the request. */
    void dispatched(IncomingRequest arrival, Rule rule, RequestFacts facts);
}
