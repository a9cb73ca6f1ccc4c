package org.sipdispatch.bench;

/** What callers and callees exchange, again and again. */
enum Scenario {
    /** An OPTIONS and its 200. */
    OPTIONS("OPTIONS", 2),
    /** An INVITE with SDP and its 200, without an ACK. */
    INVITE("INVITE", 2),
    /** A complete call: an INVITE with SDP, its 200 with SDP, an ACK, a BYE and its 200. */
    CALL("INVITE", 5);

    private final String method;
    private final int messages;

    Scenario(String method, int messages) {
        this.method = method;
        this.messages = messages;
    }

    /** The method of the first request. */
    String method() {
        return method;
    }

    /** The number of messages that the proxy relays for each exchange: 1 if the callees do not answer. */
    int messages(boolean oneWay) {
        return oneWay ? 1 : messages;
    }
}
