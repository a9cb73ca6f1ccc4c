package org.sipdispatch.transaction;

/** The transports that messages are carried over. */
public enum Protocol {
    UDP("udp", "UDP"),
    TCP("tcp", "TCP");

    private final String text;
    private final String inVia;

    Protocol(String text, String inVia) {
        this.text = text;
        this.inVia = inVia;
    }

    /** As URIs and configuration write it. */
    public String text() {
        return text;
    }

    String inVia() {
        return inVia;
    }

    /** Whether the transport itself repeats what is lost. */
    public boolean isReliable() {
        return this == TCP;
    }

    /** The protocol of that name in lower case; null if it is none of ours. */
    public static Protocol of(String text) {
        return text.equals("udp") ? UDP : text.equals("tcp") ? TCP : null;
    }
}
