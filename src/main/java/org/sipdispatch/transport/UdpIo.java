package org.sipdispatch.transport;

/** What waits for the UDP sockets of a lane. */
public enum UdpIo {
    /** Akka IO, on the lane's thread. */
    AKKA_IO("akka-io"),
    /** The lane's thread itself. */
    DIRECT("direct");

    /** The expected value for an error message. */
    static final String EXPECTED = "akka-io or direct";

    private final String text;

    UdpIo(String text) {
        this.text = text;
    }

    /** The constant with this text; null if there is none. */
    static UdpIo of(String text) {
        for (UdpIo constant : values()) {
            if (constant.text.equalsIgnoreCase(text)) {
                return constant;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return text;
    }
}
