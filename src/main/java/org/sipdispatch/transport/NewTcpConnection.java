package org.sipdispatch.transport;

import akka.actor.ActorContext;
import akka.actor.ActorRef;
import java.net.InetSocketAddress;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.NextHop;

/**
 * A connection whose actor is to be created.
 *
 * @param hop its two ends, and whom a TLS connection has to lead to
 * @param place its share of the limits
 * @param handshake its place among the TLS handshakes of clients; null for none
 * @param tcp Akka's actor of the connection; null if it is to be opened
 */
record NewTcpConnection(NextHop hop, long number, TcpAdmission place, HandshakeLimits.Slot handshake, ActorRef tcp) {
    /**
     * A connection that Akka has accepted.
     *
     * @param handshake its place among the TLS handshakes; null without TLS
     */
    record Accepted(
            ListenSocket socket,
            InetSocketAddress remote,
            ActorRef tcp,
            TcpAdmission place,
            HandshakeLimits.Slot handshake) {}

    /** Creates the actor of a connection that a peer has opened. */
    static void accept(ActorContext parent, LaneTcp lane, Accepted taken) {
        NextHop hop = new NextHop(taken.socket, taken.remote);
        new NewTcpConnection(hop, lane.connections().nextNumber(), taken.place, taken.handshake, taken.tcp)
                .create(parent, lane);
    }

    /** Opens a connection; null if the limit leaves no place for it. */
    static ActorRef open(ActorContext parent, LaneTcp lane, NextHop hop) {
        TcpAdmission place = lane.connections().outbound().acquire(hop.remote().getAddress());
        return place == null
                ? null
                : new NewTcpConnection(hop, lane.connections().nextNumber(), place, null, null).create(parent, lane);
    }

    /** Registers the connection before it is open, so that the next message to the peer does not open another. */
    private ActorRef create(ActorContext parent, LaneTcp lane) {
        ActorRef connection = parent.actorOf(TcpConnectionActor.props(lane, this));
        place.connection = connection;
        lane.connections().add(number, hop, connection, tcp != null);
        return connection;
    }
}
