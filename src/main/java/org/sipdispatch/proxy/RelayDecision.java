package org.sipdispatch.proxy;

import java.util.List;
import org.sipdispatch.observation.DestinationCounters;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.NextHop;

/** What was done with a request that has no transaction here. */
sealed interface RelayDecision {
    /**
     * The request was forwarded.
     *
     * @param counters the destination's counters; null if the hop belongs to no destination
     * @param rule the rule that selected the destination; null if none did
     * @param destination the destination; null if none was selected
     * @param tcp where another node has sent the request, over TCP because of its size; null for nowhere
     */
    record Forwarded(
            NextHop hop,
            SipUri domain,
            boolean recordRoute,
            int lane,
            int attempt,
            DestinationCounters counters,
            Rule rule,
            Destination destination,
            NextHop tcp)
            implements RelayDecision {
        /** A decision without a rule. */
        Forwarded(NextHop hop, SipUri domain, boolean recordRoute, int lane, int attempt, NextHop tcp) {
            this(hop, domain, recordRoute, lane, attempt, null, null, null, tcp);
        }

        /** The destination, if it gets the credentials that answer its challenge; otherwise null. */
        Destination challenger() {
            return rule != null && rule.policy().challengeAffinity() ? destination : null;
        }
    }

    /** Another node has forwarded the request to several destinations at once. */
    record Forked(List<Forwarded> branches) implements RelayDecision {}

    /** This proxy responded. */
    record Responded(LocalReply reply) implements RelayDecision {}
}
