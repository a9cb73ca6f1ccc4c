package org.sipdispatch.transaction;

import java.net.InetSocketAddress;
import org.sipdispatch.sip.SipRequest;

/**
 * The hops back to the senders of requests. Requests from the same address on the same socket or connection share one
 * object, as long as there are not many more addresses than slots, so that a transaction keeps no address of its own.
 * Not thread-safe.
 */
final class ReplyHops {
    private static final int SLOTS = 1 << 12;

    private final NextHop[] recent = new NextHop[SLOTS];

    /** The target of the responses to a request, see {@link SocketAddresses#replyTo}. */
    NextHop of(SipRequest request, Flow flow) {
        InetSocketAddress remote = SocketAddresses.replyTo(request, flow);
        int hash = (remote.hashCode() * 31 + flow.socket().index()) * 31 + Long.hashCode(flow.connection());
        int slot = (hash ^ hash >>> 12) & SLOTS - 1;
        NextHop known = recent[slot];
        if (known == null
                || known.socket() != flow.socket()
                || known.connections().number() != flow.connection()
                || !known.remote().equals(remote)) {
            known = new NextHop(flow.socket(), remote, TransactionConnections.of(flow.connection()));
            recent[slot] = known;
        }
        return known;
    }
}
