package org.sipdispatch.bench;

import java.net.InetSocketAddress;

/**
 * What the load exchanges, and with whom.
 *
 * @param oneWay callees do not answer: an exchange is complete when its request has reached one
 * @param tcp TCP in place of UDP, on both sides of the proxy
 * @param proxy the proxy's address
 * @param callers the number of callers' sockets
 * @param firstCallee the first port of the callees, which are at the address of the proxy
 * @param lastCallee the last port of the callees
 * @param window the most exchanges that are open in a closed loop
 * @param repeats callers repeat the first request of an exchange until it is answered (RFC 3261 section 17.1)
 * @param timeoutNanos an exchange that is not complete after this time has failed
 */
record LoadPlan(
        Scenario scenario,
        boolean oneWay,
        boolean tcp,
        InetSocketAddress proxy,
        int callers,
        int firstCallee,
        int lastCallee,
        int window,
        boolean repeats,
        long timeoutNanos) {
    /** The transport in a Via. */
    String viaTransport() {
        return tcp ? "TCP" : "UDP";
    }

    /** The value of a Contact at this address. */
    String contact(String user, InetSocketAddress at) {
        return "<sip:" + user + "@" + at.getAddress().getHostAddress() + ":" + at.getPort()
                + (tcp ? ";transport=tcp>" : ">");
    }
}
