package org.sipdispatch.proxy;

import org.sipdispatch.observation.Limit;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.ServerTransaction;

/** Finds out which transaction, if any, a request belongs to; changes nothing. */
record TransactionLookup(TransactionKey keys, StatefulRelay stateful, StatelessRelay stateless) {
    /** What a request belongs to. */
    enum Found {
        /** No transaction that is remembered. */
        NONE,
        /** An ACK for an answer to an INVITE that is relayed here with memory. */
        ACKNOWLEDGES,
        /** An ACK for an answer that this proxy gave without remembering it. */
        ANSWERED_HERE,
        /** A CANCEL whose INVITE is relayed here with memory. */
        CANCELS,
        /** A repetition of a request that is relayed here with memory. */
        STATEFUL,
        /** A repetition, ACK or CANCEL of a request that was forwarded or answered without memory. */
        STATELESS
    }

    Found of(SipRequest request, long key) {
        ResponseContext context = stateful.find(key);
        if (request.isMethod("ACK")) {
            if (context != null && context.server().state() != ServerTransaction.State.ACCEPTED) {
                return Found.ACKNOWLEDGES;
            }
            if (bearsOurTag(request, keys.replyTag(key))) {
                return Found.ANSWERED_HERE;
            }
        } else if (request.isMethod("CANCEL")) {
            if (context != null && context.server().isInvite()) {
                return Found.CANCELS;
            }
        } else if (context != null && context.isFor(request)) {
            return Found.STATEFUL;
        }
        return stateless.remembers(key) ? Found.STATELESS : Found.NONE;
    }

    /** The limit that leaves no room for a transaction; null if there is room. */
    Limit reached(IncomingRequest arrival) {
        return stateful.reached(arrival);
    }

    private static boolean bearsOurTag(SipRequest request, long replyTag) {
        long tag = request.to().tag();
        return tag != Parameters.ABSENT
                && RouteToken.is(request.bytes(), Parameters.start(tag), Parameters.end(tag), replyTag);
    }
}
