package org.sipdispatch.transaction;

import java.util.Locale;

/**
 * Why a message could not be sent, and what follows from it. Calls, failover and pings all go by this table, and so does
 * the one in relaying.md. Only what a destination is to blame for is evidence against it: a strike where the rule marks,
 * a failed ping. Whatever the cause, the next address is tried, then the next destination where there is one, and the
 * reply is for a caller who has none left. A message that cannot be sent counts as one that was answered 503 (RFC 3261
 * section 16.9); that is told as 500, since a 503 makes the caller give up this proxy (section 16.7 step 6).
 */
public enum SendFailure {
    /** Nobody listens there: refused, reset, or no connection within connect-timeout; ICMP. */
    UNREACHABLE(true, 500, "Next Hop Not Reachable", "nobody listens there"),
    /** DNS knows the name, or the lack of it, and has no address. */
    NO_ADDRESS(true, 500, "Next Hop Has No Address", "the name has no address"),
    /** No DNS server answered in time, or too many questions are open. */
    NO_DNS_ANSWER(false, 500, "Next Hop Not Resolved", "no DNS server answered"),
    /** It fits into no datagram, or is larger than {@code transport.tcp.max-unsent}. */
    TOO_LARGE(
            false,
            513,
            "Message Too Large",
            "the message is too large (expected: 65507 bytes at most over UDP, transport.tcp.max-unsent over TCP)"),
    /** No socket of this node has the protocol and the IP version. */
    NO_SOCKET(false, 500, "No Socket To Next Hop", "no socket of this node has that protocol and IP version"),
    /** No message may go to that address: multicast, port 0, another IP version than the socket's. */
    NOT_ALLOWED(false, 500, "Next Hop Not Allowed", "no message may go to that address (expected: unicast and a port)"),
    /** The operating system refuses: no route, no local address or port, a firewall of this host. */
    REFUSED_BY_SYSTEM(false, 500, "No Route To Next Hop", "the operating system of this host refuses"),
    /** This node's socket is not open at the moment, or it closed the connection itself. */
    CLOSED(false, 503, "Socket Closed", "this node has closed the socket or the connection"),
    /** {@code transport.tcp.max-outbound} is reached. */
    NO_CONNECTION(false, 503, "Too Many Connections", "transport.tcp.max-outbound is reached"),
    /** The process has no file descriptor left. */
    NO_DESCRIPTOR(false, 503, "Too Many Open Files", "the process has no file descriptor left (see ulimit -n)"),
    /** {@code transport.tcp.max-buffered} is reached. */
    NO_MEMORY(false, 503, "Too Much Buffered", "transport.tcp.max-buffered is reached");

    private final boolean destinations;
    private final int code;
    private final String reason;
    private final String description;

    SendFailure(boolean destinations, int code, String reason, String description) {
        this.destinations = destinations;
        this.code = code;
        this.reason = reason;
        this.description = description;
    }

    /** Whether the destination is to blame; else it is the message, this node's means, or policy. */
    public boolean isDestinations() {
        return destinations;
    }

    /** The status code of the answer to a request that could be sent nowhere else either. */
    public int code() {
        return code;
    }

    /** The reason phrase of that answer. */
    public String reason() {
        return reason;
    }

    /** In a few words, for the log. */
    public String description() {
        return description;
    }

    /** As metrics have it: {@code too_large}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
