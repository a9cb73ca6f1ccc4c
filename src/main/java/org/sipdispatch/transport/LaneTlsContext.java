package org.sipdispatch.transport;

import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.sipdispatch.observation.TlsFailure;
import org.sipdispatch.observation.TlsHandshakes;
import org.sipdispatch.observation.TlsHandshakes.Side;
import org.sipdispatch.tls.CertifiedClient;
import org.sipdispatch.tls.ExpectedServer;
import org.sipdispatch.tls.TlsContexts;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.TlsPeer;

/** The objects that the TLS connections of a lane share. One thread only. */
final class LaneTlsContext {
    /**
     * The objects that the lanes share.
     *
     * @param tasks runs the expensive part of handshakes
     */
    record SharedTls(TlsContexts contexts, TlsHandshakes handshakes, Executor tasks) {}

    private final SharedTls shared;
    private final LaneInlet inlet;
    private final TransportSettings settings;
    private final TlsBuffers buffers = new TlsBuffers();
    private final HandshakeLimits limits;

    LaneTlsContext(SharedTls shared, LaneInlet inlet, TransportSettings settings) {
        this.shared = shared;
        this.inlet = inlet;
        this.settings = settings;
        limits = new HandshakeLimits(settings.tls(), inlet.limits());
    }

    HandshakeLimits limits() {
        return limits;
    }

    Executor tasks() {
        return shared.tasks();
    }

    /** Whether the domain of this peer exists. */
    boolean isKnown(TlsPeer peer) {
        return peer.domain() == null || shared.contexts().hasClient(peer.domain());
    }

    /** Called when the handshake of a connection has ended. */
    interface HandshakeEnd {
        /** The handshake is complete. {@code client}: the client that has opened the connection; null for this node. */
        void completed(CertifiedClient client);

        /** The handshake is complete, or has failed. */
        void handshakeEnded();
    }

    /** The stage of a connection that a client has opened. */
    StreamStage server(
            ListenSocket socket, InetSocketAddress remote, HandshakeEnd end, StreamStage.StreamListener owner) {
        SSLEngine engine = shared.contexts().server(socket.name());
        HandshakeCheck check = session -> shared.contexts().clientOf(socket.name(), session);
        return stage(engine, owner, new LaneHandshake(Side.SERVER, remote, "socket " + socket.name(), check, end));
    }

    /** The stage of a connection to this peer. */
    StreamStage client(TlsPeer peer, InetSocketAddress remote, HandshakeEnd end, StreamStage.StreamListener owner) {
        ExpectedServer server = new ExpectedServer(peer.name(), peer.explicit());
        SSLEngine engine = shared.contexts().client(peer.domain(), server, remote.getPort());
        HandshakeCheck check = session -> {
            shared.contexts().checkServerOf(peer.domain(), session);
            return null;
        };
        return stage(engine, owner, new LaneHandshake(Side.CLIENT, remote, peer.name(), check, end));
    }

    private StreamStage stage(SSLEngine engine, StreamStage.StreamListener owner, LaneHandshake handshake) {
        long timeoutAtMs = inlet.nowMs() + settings.tls().handshakeTimeout().toMillis();
        return new TlsStage(engine, buffers, timeoutAtMs, owner, handshake);
    }

    private interface HandshakeCheck {
        /** Returns the client; null if the peer is a server. */
        CertifiedClient of(SSLSession session) throws SSLException;
    }

    private final class LaneHandshake implements TlsStage.HandshakeListener {
        private final Side side;
        private final InetSocketAddress remote;
        private final String what;
        private final HandshakeCheck check;
        private final HandshakeEnd end;

        private LaneHandshake(
                Side side, InetSocketAddress remote, String what, HandshakeCheck check, HandshakeEnd end) {
            this.side = side;
            this.remote = remote;
            this.what = what;
            this.check = check;
            this.end = end;
        }

        @Override
        public void completed(SSLEngine engine) throws SSLException {
            CertifiedClient client = check.of(engine.getSession());
            shared.handshakes().completed(side);
            end.handshakeEnded();
            end.completed(client);
        }

        @Override
        public void failed(TlsFailure why, String detail) {
            shared.handshakes()
                    .failed(
                            side,
                            why,
                            LaneInlet.monotonicMs(),
                            () -> (side == Side.SERVER ? "from " : "to ")
                                    + remote.getAddress().getHostAddress() + ":" + remote.getPort() + ", " + what
                                    + ": " + detail);
            end.handshakeEnded();
        }
    }
}
