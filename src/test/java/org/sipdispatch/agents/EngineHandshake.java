package org.sipdispatch.agents;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** A TLS handshake between two engines in memory. */
public final class EngineHandshake {
    /** The size of a buffer that holds all that a side sends. */
    public static final int BUFFER = 1 << 16;

    private EngineHandshake() {}

    /** Runs it, and passes what the server sends afterwards, such as tickets. */
    public static void run(SSLEngine client, SSLEngine server) throws SSLException {
        ByteBuffer there = ByteBuffer.allocate(BUFFER);
        ByteBuffer back = ByteBuffer.allocate(BUFFER);
        // A handshake needs fewer steps; the client's last one comes before the server has checked its certificate.
        for (int i = 0; i < 20; i++) {
            step(client, back, there);
            step(server, there, back);
        }
        if (client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            throw new IllegalStateException("the handshake is at " + client.getHandshakeStatus());
        }
    }

    /** One side reads what has arrived and writes what it has. */
    public static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        ByteBuffer nothing = ByteBuffer.allocate(0);
        ByteBuffer data = ByteBuffer.allocate(BUFFER);
        if (engine.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP) {
            engine.wrap(nothing, out);
        }
        in.flip();
        if (in.hasRemaining()) {
            engine.unwrap(in, data);
        }
        in.compact();
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }
}
