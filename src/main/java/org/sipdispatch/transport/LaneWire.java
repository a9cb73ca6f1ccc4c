package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.net.InetSocketAddress;
import java.util.List;
import org.sipdispatch.relay.Flow;
import org.sipdispatch.relay.Hop;
import org.sipdispatch.relay.ListenSocket;
import org.sipdispatch.relay.Protocol;
import org.sipdispatch.relay.Wire;

/** A lane's way out: checks the target, then hands the message to the socket's own sender. One thread only. */
final class LaneWire implements Wire {
    private final UdpSender[] udp;
    private final TcpConnections tcp;
    private final UdpWatches watches;
    private final List<ActorRef> lanes;

    LaneWire(UdpSender[] udp, TcpConnections tcp, UdpWatches watches, List<ActorRef> lanes) {
        this.udp = udp;
        this.tcp = tcp;
        this.watches = watches;
        this.lanes = lanes;
    }

    @Override
    public boolean send(ListenSocket socket, InetSocketAddress remote, long connection, byte[] bytes, int length) {
        if (!SendTargets.allows(socket, remote)) {
            return false;
        }
        return socket.protocol() == Protocol.UDP
                ? udp[socket.index()].send(remote, bytes, length)
                : tcp.send(socket, remote, connection, bytes, length);
    }

    @Override
    public void watch(Hop hop) {
        watches.watch(hop);
    }

    @Override
    public void handOver(int lane, byte[] bytes, int offset, int length, Flow flow) {
        lanes.get(lane).tell(new LaneActor.HandedOver(bytes, offset, length, flow), ActorRef.noSender());
    }
}
