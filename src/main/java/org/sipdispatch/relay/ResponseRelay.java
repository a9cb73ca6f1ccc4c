package org.sipdispatch.relay;

import java.net.InetSocketAddress;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.Via;

/**
 * Forwards responses whose transaction is not known here (RFC 3261 section 16.7): those of stateless requests, and
 * late ones. Only a response to what this proxy or its peers sent bears a branch that fits the Via below it.
 */
final class ResponseRelay {
    private final Lane lane;

    ResponseRelay(Lane lane) {
        this.lane = lane;
    }

    void forward(SipResponse response, Branch branch) {
        Via below = Outgoing.below(response);
        ListenSocket socket = lane.sockets.at(branch.socket());
        if (below == null || socket == null || lane.keys.of(response, below) != branch.transaction()) {
            lane.counters.add(Counter.FOREIGN_RESPONSES);
            return;
        }
        InetSocketAddress address = Lane.replyAddress(response.bytes(), below, socket.protocol());
        if (address == null) {
            lane.counters.add(Counter.FOREIGN_RESPONSES);
            return;
        }
        lane.send(socket, address, connection(response.topVia()), lane.outgoing.response(response));
    }

    /** The connection that the request came on, as our own Via remembers it. */
    private static long connection(Via own) {
        String text = own.parameterText("i");
        return text != null && text.matches("[0-9a-f]{1,15}") ? Long.parseLong(text, 16) : Flow.NO_CONNECTION;
    }
}
