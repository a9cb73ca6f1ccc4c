package org.sipdispatch.transaction;

/** The supported transport protocols. */
public enum Protocol {
    UDP("udp", "UDP"),
    TCP("tcp", "TCP");

    private final String text;
    private final String inVia;

    Protocol(String text, String inVia) {
        this.text = text;
        this.inVia = inVia;
    }

    /** The name in URIs and in the configuration, in lower case. */
    public String text() {
        return text;
    }

    String inVia() {
        return inVia;
    }

    /** Whether the transport retransmits lost data. */
    public boolean isReliable() {
        return this == TCP;
    }

    /** The protocol with this lower-case name; null if it is not supported. */
    public static Protocol of(String text) {
        return text.equals("udp") ? UDP : text.equals("tcp") ? TCP : null;
    }
}
