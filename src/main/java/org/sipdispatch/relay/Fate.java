package org.sipdispatch.relay;

import org.sipdispatch.routing.Reply;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sip.SipRequest;

/**
 * What becomes of a request that belongs to no transaction, as {@link Course} decides: {@link RequestRelay} does it,
 * {@link Explainer} only tells it.
 */
interface Fate {
    /** It is not carried, whatever the rules say. */
    void refused(SipRequest request, Flow flow, long key, Refusal refusal);

    /** It asks for this proxy itself. */
    void isOwn(Arrival arrival);

    /** It goes where its Route says. */
    void followsRoute(Arrival arrival);

    /** It goes where the request went that began its dialog. */
    void staysInDialog(Arrival arrival, Hop taken);

    /** It is answered, by a rule or since there is none for it; {@code rule} is null then. */
    void replied(Arrival arrival, Rule rule, Reply reply);

    /** A rule selects who is to have it. */
    void dispatched(Arrival arrival, Rule rule, RequestFacts facts);
}
