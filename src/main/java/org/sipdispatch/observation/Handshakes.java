package org.sipdispatch.observation;

/** The PROXY protocol headers and the handshakes above TCP of a node's connections. Thread-safe. */
public record Handshakes(ProxyHeaders proxyHeaders, TlsHandshakes tls, WebSocketHandshakes webSockets) {
    public Handshakes() {
        this(new ProxyHeaders(), new TlsHandshakes(), new WebSocketHandshakes());
    }
}
