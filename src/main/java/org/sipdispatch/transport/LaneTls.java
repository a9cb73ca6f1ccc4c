package org.sipdispatch.transport;

import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import org.sipdispatch.observation.TlsFailure;
import org.sipdispatch.observation.TlsHandshakes;
import org.sipdispatch.observation.TlsHandshakes.Side;
import org.sipdispatch.tls.TlsContexts;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.TlsPeer;

/** What the TLS connections of a lane have in common. One thread only. */
final class LaneTls {
    /**
     * What the lanes share.
     *
     * @param tasks runs the expensive part of handshakes
     */
    record Shared(TlsContexts contexts, TlsHandshakes handshakes, Executor tasks) {}

    private final Shared shared;
    private final GuardedLane inlet;
    private final TransportSettings settings;
    private final TlsBuffers buffers = new TlsBuffers();
    private final HandshakeLimits limits;

    LaneTls(Shared shared, GuardedLane inlet, TransportSettings settings) {
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

    /** The stage of a connection that a client has opened. */
    StreamStage server(ListenSocket socket, InetSocketAddress remote, Runnable then, StreamStage.Owner owner) {
        SSLEngine engine = shared.contexts().server(socket.name());
        return stage(engine, owner, new Handshake(Side.SERVER, remote, "socket " + socket.name(), then));
    }

    /** The stage of a connection to this peer. {@code then} runs when the handshake is complete, or has failed. */
    StreamStage client(TlsPeer peer, InetSocketAddress remote, Runnable then, StreamStage.Owner owner) {
        SSLEngine engine = shared.contexts().client(peer.domain(), peer.name(), remote.getPort());
        return stage(engine, owner, new Handshake(Side.CLIENT, remote, peer.name(), then));
    }

    private StreamStage stage(SSLEngine engine, StreamStage.Owner owner, Handshake handshake) {
        long timeoutAtMs = inlet.nowMs() + settings.tls().handshakeTimeout().toMillis();
        return new TlsStage(engine, buffers, timeoutAtMs, owner, handshake);
    }

    private final class Handshake implements TlsStage.HandshakeListener {
        private final Side side;
        private final InetSocketAddress remote;
        private final String what;
        private final Runnable then;

        private Handshake(Side side, InetSocketAddress remote, String what, Runnable then) {
            this.side = side;
            this.remote = remote;
            this.what = what;
            this.then = then;
        }

        @Override
        public void completed(SSLEngine engine) {
            shared.handshakes().completed(side);
            then.run();
        }

        @Override
        public void failed(TlsFailure why, String detail) {
            shared.handshakes()
                    .failed(
                            side,
                            why,
                            GuardedLane.monotonicMs(),
                            () -> (side == Side.SERVER ? "from " : "to ")
                                    + remote.getAddress().getHostAddress() + ":" + remote.getPort() + ", " + what
                                    + ": " + detail);
            then.run();
        }
    }
}
