package org.sipdispatch.transport;

import akka.actor.ActorContext;
import akka.actor.ActorRef;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.NextHop;

/**
 * A connection whose actor is to be created.
 *
 * @param hop its two ends, and the peer that a TLS connection must lead to
 * @param place its share of the limits
 * @param handshake its place among the TLS handshakes of clients; null for none, or while the client is unknown
 * @param tcp Akka's actor of the connection; null if it is to be opened
 */
record NewTcpConnection(
        NextHop hop, long number, TcpAdmission place, HandshakeLimits.HandshakePermit handshake, ActorRef tcp) {
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
            HandshakeLimits.HandshakePermit handshake) {}

    /**
     * A client's share of the limits.
     *
     * @param handshake its place among the TLS handshakes; null without TLS
     */
    record Admission(TcpAdmission place, HandshakeLimits.HandshakePermit handshake) {
        /** Null if the limits leave nothing for a client at this address. */
        static Admission of(LaneTcpContext lane, InetAddress client, boolean isTls) {
            // Called first, because another connection may be closed to give its place to this one.
            HandshakeLimits.HandshakePermit handshake =
                    isTls ? lane.tls().limits().begin(client, lane.inlet().nowMs()) : null;
            TcpAdmission place = isTls && handshake == null
                    ? null
                    : lane.connections().inbound().acquire(client);
            if (place == null && handshake != null) {
                handshake.end();
            }
            return place == null ? null : new Admission(place, handshake);
        }
    }

    /** The limits in which it has its place. */
    TcpAdmissions places(LaneTcpContext lane) {
        return tcp == null ? lane.connections().outbound() : lane.connections().inbound();
    }

    /** Whether the first bytes must identify the client, because the connection may come from a proxy. */
    boolean isUnidentified() {
        return tcp != null && hop.socket().isBehindProxies();
    }

    /** Reads the first bytes of an unidentified connection. */
    StreamStage firstBytes(LaneTcpContext lane, ClientDetectionStage.DetectionListener owner) {
        return hop.socket().isProxy(hop.remote().getAddress())
                ? new ProxyHeaderStage(lane, hop, owner)
                : new NoProxyHeaderStage(lane, hop, owner);
    }

    /**
     * The connection of a client whose address its first bytes have shown, with the client's share of the limits in place
     * of that of the connection's own address; null if the limits leave none.
     */
    NewTcpConnection of(LaneTcpContext lane, InetSocketAddress client) {
        lane.connections().buffers().hold(place, 0);
        lane.connections().inbound().release(place);
        boolean isTls = hop.socket().protocol().isOverTls();
        Admission admission = Admission.of(lane, client.getAddress(), isTls);
        if (admission == null) {
            return null;
        }
        admission.place.connection = place.connection;
        NextHop known = new NextHop(hop.socket(), client);
        lane.connections().add(number, known, place.connection, true);
        return new NewTcpConnection(known, number, admission.place, admission.handshake, tcp);
    }

    /** Creates the actor of a connection that a peer has opened. */
    static void accept(ActorContext parent, LaneTcpContext lane, Accepted taken) {
        NextHop hop = new NextHop(taken.socket, taken.remote);
        new NewTcpConnection(hop, lane.connections().nextNumber(), taken.place, taken.handshake, taken.tcp)
                .create(parent, lane);
    }

    /** Opens a connection; null if the limit leaves no place for it. */
    static ActorRef open(ActorContext parent, LaneTcpContext lane, NextHop hop) {
        TcpAdmission place = lane.connections().outbound().acquire(hop.remote().getAddress());
        return place == null
                ? null
                : new NewTcpConnection(hop, lane.connections().nextNumber(), place, null, null).create(parent, lane);
    }

    /** Registers the connection before it is open, so that the next message to the peer does not open another. */
    private ActorRef create(ActorContext parent, LaneTcpContext lane) {
        ActorRef connection = parent.actorOf(TcpConnectionActor.props(lane, this));
        place.connection = connection;
        if (!isUnidentified()) {
            lane.connections().add(number, hop, connection, tcp != null);
        }
        return connection;
    }
}
