package org.sipdispatch.proxy;

import java.util.List;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.ObservationBatcher;
import org.sipdispatch.observation.SendFailures;
import org.sipdispatch.routing.KnownSets;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.routing.RuleHeaders;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.transaction.TransactionContext;

/** The services of one lane that stateful and stateless forwarding share. */
record ForwardingServices(
        int lane,
        TransactionContext transactions,
        ForwardedMessageWriter writer,
        OwnResponseWriter responses,
        NextHopResolver resolver,
        LargeRequests large,
        KnownSets sets,
        CandidateFilter filter,
        PeerTransactions peers,
        ObservationBatcher observations,
        LaneCounters counters,
        SendFailures failures) {
    /**
     * What the rule adds to a request to this destination.
     *
     * @param rule null for none
     */
    RuleAdditions additions(Rule rule, IncomingRequest arrival, Destination destination) {
        if (rule == null) {
            return RuleAdditions.NONE;
        }
        boolean path = RuleAdditions.hasPath(rule.policy().path(), arrival.request());
        if (!rule.setsHeaders() && !path) {
            return RuleAdditions.NONE;
        }
        List<RuleHeaders.Field> headers =
                rule.setsHeaders() ? rule.headers(arrival.facts(sets), destination) : List.of();
        return new RuleAdditions(headers, path);
    }

    /** The branch of an attempt of this lane. */
    Branch branch(IncomingRequest arrival, int attempt) {
        return branch(arrival, lane, attempt);
    }

    /** The branch that the given lane, possibly of another node, assigns to an attempt. */
    static Branch branch(IncomingRequest arrival, int lane, int attempt) {
        return new Branch(lane, arrival.flow().socket().index(), attempt, arrival.key(), arrival.loop());
    }
}
