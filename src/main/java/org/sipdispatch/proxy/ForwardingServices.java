package org.sipdispatch.proxy;

import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.ObservationBatcher;
import org.sipdispatch.observation.SendFailures;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.transaction.TransactionContext;

/** What a lane forwards requests with, with a transaction or without one. */
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
    /** The branch of one attempt of this lane. */
    Branch branch(IncomingRequest arrival, int attempt) {
        return branch(arrival, lane, attempt);
    }

    /** The branch that another node's lane gave to an attempt, or would have given. */
    static Branch branch(IncomingRequest arrival, int lane, int attempt) {
        return new Branch(lane, arrival.flow().socket().index(), attempt, arrival.key(), arrival.loop());
    }
}
