package org.sipdispatch.transport;

import java.net.InetSocketAddress;
import org.sipdispatch.relay.Flow;
import org.sipdispatch.relay.ListenSocket;
import org.sipdispatch.relay.RelayLane;

/**
 * The lane as its sockets see it. All actors of a lane run on one thread, so they call it directly; a message to
 * another mailbox would cost more than the whole work on a packet.
 */
final class LaneInlet {
    private RelayLane lane;

    void open(RelayLane opened) {
        lane = opened;
    }

    /** Milliseconds of a clock that never goes back. */
    long nowMs() {
        return System.nanoTime() / 1_000_000;
    }

    void received(byte[] bytes, int offset, int length, Flow flow) {
        lane.received(bytes, offset, length, flow, nowMs());
    }

    void refuse(byte[] bytes, Flow flow, int code, String reason) {
        lane.refuse(bytes, flow, code, reason, nowMs());
    }

    void unreachable(ListenSocket socket, InetSocketAddress remote) {
        lane.unreachable(socket, remote, nowMs());
    }
}
