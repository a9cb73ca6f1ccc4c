package org.sipdispatch.transport;

import akka.actor.AbstractActor;
import akka.actor.ActorRef;
import akka.io.Tcp;
import akka.io.TcpMessage;
import java.net.InetSocketAddress;
import java.util.List;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;

/** Asks Akka to open a TCP connection. */
final class TcpConnector {
    /** The connection could not be opened for a reason on this node. */
    record Failed(SendFailure why) {}

    private TcpConnector() {}

    /** Opens a connection for the current actor, which receives Akka's messages about it, or {@link Failed}. */
    static void start(AbstractActor.ActorContext context, LaneTcpContext lane, NextHop hop) {
        ActorRef self = context.getSelf();
        if (!LocalBindOption.hasDescriptor()) {
            self.tell(new Failed(noDescriptor(lane, hop.remote())), self);
            return;
        }
        LocalBindOption near = new LocalBindOption(
                hop.socket().local().getAddress(),
                () -> self.tell(new Failed(SendFailure.REFUSED_BY_SYSTEM), ActorRef.noSender()));
        Tcp.get(context.getSystem())
                .manager()
                .tell(
                        TcpMessage.connect(
                                hop.remote(),
                                null,
                                List.of(near, akka.io.TcpSO.tcpNoDelay(true)),
                                lane.settings().connectTimeout(),
                                true),
                        self);
    }

    /** Why Akka has told nothing about a connection for too long. */
    static SendFailure whyNotStarted(LaneTcpContext lane, InetSocketAddress remote) {
        return LocalBindOption.hasDescriptor() ? SendFailure.REFUSED_BY_SYSTEM : noDescriptor(lane, remote);
    }

    private static SendFailure noDescriptor(LaneTcpContext lane, InetSocketAddress remote) {
        lane.hit(
                Limit.FILE_DESCRIPTORS,
                () -> "none left for a connection to " + remote
                        + " (expected: more file descriptors than transport.tcp.max-outbound and the rest need)");
        return SendFailure.NO_DESCRIPTOR;
    }
}
