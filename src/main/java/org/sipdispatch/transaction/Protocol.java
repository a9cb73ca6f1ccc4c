package org.sipdispatch.transaction;

/** The supported transport protocols. */
public enum Protocol {
    UDP("udp", "UDP", 5060),
    TCP("tcp", "TCP", 5060),
    TLS("tls", "TLS", 5061);

    private final String text;
    private final String inVia;
    private final int defaultPort;

    Protocol(String text, String inVia, int defaultPort) {
        this.text = text;
        this.inVia = inVia;
        this.defaultPort = defaultPort;
    }

    /** The name in URIs and in the configuration, in lower case. */
    public String text() {
        return text;
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

    /** The protocol with this lower-case name; null if it is not supported. */
    public static Protocol of(String text) {
        return switch (text) {
            case "udp" -> UDP;
            case "tcp" -> TCP;
            case "tls" -> TLS;
            default -> null;
        };
    }
}
