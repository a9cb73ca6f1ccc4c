package org.sipdispatch.proxy;

import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.ObservationBatcher;
import org.sipdispatch.observation.SendFailures;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.transaction.TransactionContext;

/** The services of one lane that stateful and stateless forwarding share. */
record ForwardingServices(
        int lane,
        TransactionContext transactions,
        ForwardedMessageWriter writer,
        OwnResponseWriter responses,
        NextHopResolver resolver,
        CandidateFilter filter,
        PeerTransactions peers,
        ObservationBatcher observations,
        LaneCounters counters,
        SendFailures failures) {
    /** The branch of an attempt of this lane. */
    Branch branch(IncomingRequest arrival, int attempt) {
        return branch(arrival, lane, attempt);
    }

    /** The branch that the given lane, possibly of another node, assigns to an attempt. */
    static Branch branch(IncomingRequest arrival, int lane, int attempt) {
        return new Branch(lane, arrival.flow().socket().index(), attempt, arrival.key(), arrival.loop());
    }
}
