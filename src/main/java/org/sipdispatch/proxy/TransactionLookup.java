package org.sipdispatch.proxy;

import org.sipdispatch.observation.Limit;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.ServerTransaction;

/** Whether a request would meet a transaction that is remembered; nothing is changed by asking. */
record TransactionLookup(TransactionKey keys, StatefulRelay stateful, StatelessRelay stateless) {
    /** What is remembered of a request. */
    enum Memory {
        /** Nothing. */
        NONE,
        /** It is an ACK that ends here. */
        ABSORBED,
        /** It is a CANCEL whose INVITE is carried here. */
        CANCELS,
        /** It is an ACK or CANCEL that goes where its INVITE went. */
        GOES_ALONG,
        /** It repeats a request of a moment ago, with which everything was decided. */
        REPEATS
    }

    Memory of(SipRequest request, long key) {
        ResponseContext context = stateful.find(key);
        if (request.isMethod("ACK")) {
            return awaitsAck(context) || bearsOurTag(request, keys.replyTag(key))
                    ? Memory.ABSORBED
                    : stateless.remembers(key) ? Memory.GOES_ALONG : Memory.NONE;
        }
        if (request.isMethod("CANCEL")) {
            return context != null && context.server().isInvite()
                    ? Memory.CANCELS
                    : stateless.remembers(key) ? Memory.GOES_ALONG : Memory.NONE;
        }
        boolean repeats = context != null && context.isFor(request) || stateless.remembers(key);
        return repeats ? Memory.REPEATS : Memory.NONE;
    }

    /** The limit that leaves no room for a transaction; null if there is room. */
    Limit reached(IncomingRequest arrival) {
        return stateful.reached(arrival);
    }

    /** Whether an ACK for that transaction ends here. */
    static boolean awaitsAck(ResponseContext context) {
        return context != null && context.server().state() != ServerTransaction.State.ACCEPTED;
    }

    /** Whether an ACK is for an answer that this proxy gave without remembering it. */
    static boolean bearsOurTag(SipRequest request, long replyTag) {
        long tag = request.to().tag();
        return tag != Parameters.ABSENT
                && RouteToken.is(request.bytes(), Parameters.start(tag), Parameters.end(tag), replyTag);
    }
}
