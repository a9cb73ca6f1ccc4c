package org.sipdispatch.proxy;

import org.sipdispatch.observation.Limit;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.TransactionKey;

/** Finds the transaction that a request belongs to, if any. Changes nothing. */
record TransactionLookup(TransactionKey keys, StatefulRelay stateful, StatelessRelay stateless) {
    /** The kind of transaction that a request belongs to. */
    enum TransactionMatch {
        /** No known transaction. */
        NONE,
        /** An ACK for a final response to a statefully relayed INVITE. */
        ACKNOWLEDGES,
        /** An ACK for a response that this proxy generated statelessly. */
        ANSWERED_HERE,
        /** A CANCEL of a statefully relayed INVITE. */
        CANCELS,
        /** A retransmission of a statefully relayed request. */
        STATEFUL,
        /** A retransmission, ACK or CANCEL of a request that was forwarded or answered statelessly. */
        STATELESS
    }

    TransactionMatch of(SipRequest request, long key) {
        StatefulRequest known = stateful.find(key);
        if (request.isMethod("ACK")) {
            if (known != null && known.isAcknowledgedHere()) {
                return TransactionMatch.ACKNOWLEDGES;
            }
            if (bearsOurTag(request, keys.replyTag(key))) {
                return TransactionMatch.ANSWERED_HERE;
            }
        } else if (request.isMethod("CANCEL")) {
            if (known != null && known.isInvite()) {
                return TransactionMatch.CANCELS;
            }
        } else if (known != null && known.isFor(request)) {
            return TransactionMatch.STATEFUL;
        }
        return stateless.remembers(key) ? TransactionMatch.STATELESS : TransactionMatch.NONE;
    }

    /** The limit that does not admit another transaction; null if the request is admitted. */
    Limit reached(IncomingRequest arrival) {
        return stateful.reached(arrival);
    }

    private static boolean bearsOurTag(SipRequest request, long replyTag) {
        long tag = request.to().tag();
        return tag != Parameters.ABSENT
                && KeyedHash.is(request.bytes(), Parameters.start(tag), Parameters.end(tag), replyTag);
    }
}
