package org.sipdispatch.transaction;

/** The supported transport protocols. */
public enum Protocol {
    UDP("udp", "UDP", 5060),
    TCP("tcp", "TCP", 5060),
    TLS("tls", "TLS", 5061),
    /** WebSocket (RFC 7118): clients open the connections, and this node never does. */
    WS("ws", "WS", 80),
    /** WebSocket over TLS. */
    WSS("wss", "WSS", 443);

    private final String text;
    private final String inVia;
    private final int defaultPort;

    Protocol(String text, String inVia, int defaultPort) {
        this.text = text;
        this.inVia = inVia;
        this.defaultPort = defaultPort;
    }

    /** The name in the configuration, in lower case. */
    public String text() {
        return text;
    }

    /** The name in URIs: WSS is {@code ws} there too (RFC 7118 section 5.3). */
    public String inUri() {
        return this == WSS ? WS.text : text;
    }

    String inVia() {
        return inVia;
    }

    /** The port to use if none is given. */
    public int defaultPort() {
        return defaultPort;
    }

    /** Whether the transport retransmits lost data, and has connections. */
    public boolean isReliable() {
        return this != UDP;
    }

    public boolean isOverTls() {
        return this == TLS || this == WSS;
    }

    public boolean isWebSocket() {
        return this == WS || this == WSS;
    }

    /** The protocol with this lower-case name; null if it is not supported. */
    public static Protocol of(String text) {
        return switch (text) {
            case "udp" -> UDP;
            case "tcp" -> TCP;
            case "tls" -> TLS;
            case "ws" -> WS;
            case "wss" -> WSS;
            default -> null;
        };
    }
}
