package org.sipdispatch.proxy;

import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;

/** Which lane of a node processes a message. */
public final class MessageLanes {
    private MessageLanes() {}

    /** The lane, of {@code lanes}, that would process a message; 0 if the message is not a request. */
    public static int laneOf(byte[] message, int lanes) {
        return SipParser.parse(message, 0, message.length) instanceof SipRequest request ? laneOf(request, lanes) : 0;
    }

    /** Chosen by Call-ID, so that all requests of a dialog use the same round-robin state. */
    static int laneOf(SipRequest request, int lanes) {
        int header = request.first(HeaderName.CALL_ID);
        int hash = 0;
        for (int i = request.valueStart(header); i < request.valueEnd(header); i++) {
            hash = hash * 31 + request.bytes()[i];
        }
        return Math.floorMod(hash ^ hash >>> 15, lanes);
    }

    /** Whether the other lanes of this node need a batch of another node's calls too. */
    public static boolean isForAllLanes(byte[] batch) {
        return StickyRecord.isBatch(batch);
    }

    /** The lane, of {@code lanes}, that must process a batch of another node's calls; -1 for all lanes. */
    public static int ownerOf(byte[] calls, int lanes) {
        return isForAllLanes(calls) ? -1 : PeerTransaction.owner(calls, lanes);
    }
}
