package org.sipdispatch.e2e;

import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.sip.SipRequest;

/** A gateway that answers all calls at once, and counts them. */
final class LimitedGateway implements AutoCloseable {
    private final Set<String> offered = ConcurrentHashMap.newKeySet();
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final AtomicInteger most = new AtomicInteger();
    private final UdpPeer peer;

    LimitedGateway(String host) {
        peer = new UdpPeer(new InetSocketAddress(host, 0), this::take);
    }

    /** A call whose ACK is lost with a killed node is none. */
    private void take(UdpPeer self, SipRequest request) {
        String call = SipText.callId(request);
        if (request.isMethod("ACK")) {
            if (!ended.contains(call)) {
                open.add(call);
                most.accumulateAndGet(open.size(), Math::max);
            }
            return;
        } else if (request.isMethod("BYE")) {
            ended.add(call);
            open.remove(call);
        } else if (request.isMethod("INVITE")) {
            offered.add(call);
        }
        String contact = "Contact: <sip:callee@" + SipText.hostPort(self.address()) + ">";
        self.send(self.lastSource(), SipText.response(request, 200, "callee", contact));
    }

    /** A row of the table with these attributes: {@code setid, destination, attrs}. */
    String row(String attrs) {
        return "1, 'sip:" + SipText.hostPort(peer.address()) + "', '" + attrs + "'";
    }

    /** The number of calls that it has. */
    int open() {
        return open.size();
    }

    /** The most calls that it had at a time since the start or the last {@link #countAgain}. */
    int most() {
        return most.get();
    }

    void countAgain() {
        most.set(open.size());
    }

    /** The number of calls that arrived since the start. */
    int offered() {
        return offered.size();
    }

    @Override
    public void close() {
        peer.close();
    }
}
