package org.sipdispatch.transport;

import java.net.InetSocketAddress;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.tls.CertifiedClient;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.websocket.WebSocketFailure;

/** Creates the stages of a connection, by the protocol of its socket. */
final class StreamStageFactory {
    private StreamStageFactory() {}

    /**
     * The first stage of a connection: the stage of its protocol, or a stage that identifies the client.
     *
     * @param messages takes what the last stage has read
     */
    static StreamStage first(
            LaneTcpContext lane,
            NewTcpConnection connection,
            ReceivedMessages messages,
            ClientDetectionStage.DetectionListener owner) {
        return connection.isUnidentified()
                ? connection.firstBytes(lane, owner)
                : ofProtocol(lane, connection, messages, owner);
    }

    /** The stages of the protocol of a connection whose client is known. */
    static StreamStage ofProtocol(
            LaneTcpContext lane,
            NewTcpConnection connection,
            ReceivedMessages messages,
            StreamStage.StreamListener owner) {
        NextHop hop = connection.hop();
        LaneTlsContext.HandshakeEnd end = new ConnectionHandshakeEnd(lane, connection, messages);
        Protocol protocol = hop.socket().protocol();
        if (protocol.isWebSocket()) {
            WebSocketStage stage = new WebSocketStage(
                    WebSocketStage.ConnectionLimits.of(lane.settings()),
                    lane.inlet()::nowMs,
                    owner,
                    new ClientListener(lane, hop, messages));
            return stage.over(
                    protocol.isOverTls()
                            ? lane.tls().server(hop.socket(), hop.remote(), end, stage)
                            : new PlainTcpStage(stage));
        }
        if (!protocol.isOverTls()) {
            return new PlainTcpStage(owner);
        }
        return connection.tcp() == null
                ? lane.tls().client(hop.connections().peer(), hop.remote(), end, owner)
                : lane.tls().server(hop.socket(), hop.remote(), end, owner);
    }

    /** What the end of a TLS handshake means for its connection. */
    private record ConnectionHandshakeEnd(LaneTcpContext lane, NewTcpConnection connection, ReceivedMessages messages)
            implements LaneTlsContext.HandshakeEnd {
        @Override
        public void completed(CertifiedClient client) {
            if (client == null) {
                NextHop hop = connection.hop();
                lane.connections().verified(hop.remote(), hop.connections().peer());
            } else {
                messages.verified(client);
            }
        }

        @Override
        public void handshakeEnded() {
            if (connection.handshake() != null) {
                connection.handshake().end();
            }
        }
    }

    /** Counts and logs the results of WebSocket handshakes, and failures of the connections. */
    private record ClientListener(LaneTcpContext lane, NextHop hop, ReceivedMessages messages)
            implements WebSocketStage.Listener {
        @Override
        public void opened() {
            lane.handshakes().webSockets().completed();
        }

        @Override
        public void failed(WebSocketFailure why, String detail) {
            InetSocketAddress remote = hop.remote();
            lane.handshakes()
                    .webSockets()
                    .failed(
                            why,
                            LaneInlet.monotonicMs(),
                            () -> "from " + remote.getAddress().getHostAddress() + ":" + remote.getPort() + ", socket "
                                    + hop.socket().name() + ": " + detail);
        }

        @Override
        public void reached(Limit limit, String what, String most) {
            messages.hit(limit, what, most);
        }
    }
}
