package org.sipdispatch.transport;

import java.net.InetSocketAddress;
import java.util.List;
import org.sipdispatch.proxy.LaneTransport;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.TransactionConnections;

/**
 * Sends a lane's messages: checks the target address, then passes the message to the socket's sender. One thread only.
 */
final class SocketTransport implements LaneTransport {
    private final UdpSender[] udp;
    private final TcpConnections tcp;
    private final ConnectedUdpSockets watches;
    private final Others others;

    /** The other lanes, and the inlet that counts messages they cannot accept. */
    record Others(List<LaneRef> lanes, LaneInlet inlet) {}

    SocketTransport(UdpSender[] udp, TcpConnections tcp, ConnectedUdpSockets watches, Others others) {
        this.udp = udp;
        this.tcp = tcp;
        this.watches = watches;
        this.others = others;
    }

    @Override
    public SendFailure send(
            ListenSocket socket,
            InetSocketAddress remote,
            TransactionConnections connections,
            byte[] bytes,
            int length) {
        if (socket.protocol() == Protocol.UDP) {
            return AddressPolicy.allows(socket, remote)
                    ? udp[socket.index()].send(remote, bytes, length)
                    : SendFailure.NOT_ALLOWED;
        }
        return connections.areKnown() || AddressPolicy.isTarget(remote)
                ? tcp.send(socket, remote, connections, bytes, length)
                : SendFailure.NOT_ALLOWED;
    }

    @Override
    public void watch(NextHop hop) {
        watches.watch(hop);
    }

    @Override
    public boolean handOver(int lane, byte[] bytes, int offset, int length, Flow flow) {
        boolean taken = others.lanes.get(lane).handOver(new LaneRef.HandedOver(bytes, offset, length, flow));
        if (!taken) {
            others.inlet.overload();
        }
        return taken;
    }
}
