package org.sipdispatch.observation;

/** The handshakes of a node's connections above TCP. Thread-safe. */
public record Handshakes(TlsHandshakes tls, WebSocketHandshakes webSockets) {
    public Handshakes() {
        this(new TlsHandshakes(), new WebSocketHandshakes());
    }
}
