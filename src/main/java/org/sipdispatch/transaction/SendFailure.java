package org.sipdispatch.transaction;

import java.util.Locale;

/**
 * The reasons why a message could not be sent, and their consequences. Calls, failover and pings all use this table;
 * relaying.md documents it. Only a failure that is the destination's fault counts against the destination: as a failure
 * if the rule marks destinations, and as a failed ping. After any failure, the next address is tried, then the next
 * destination. The caller gets the response only if none is left. A message that cannot be sent counts as answered with
 * 503 (RFC 3261 section 16.9), but the caller gets 500, because a 503 would make it stop using this proxy (section 16.7
 * step 6).
 */
public enum SendFailure {
    /**
     * Nothing listens at the address: connection refused, reset or not established within connect-timeout, or an ICMP
     * error.
     */
    UNREACHABLE(true, 500, "Next Hop Not Reachable", "nothing listens at the address"),
    /** The TLS handshake failed, for example because the certificate has expired; the log names the reason. */
    TLS_FAILED(true, 500, "TLS Handshake Failed", "the TLS handshake failed"),
    /** DNS has no address for the name, or no such name. */
    NO_ADDRESS(true, 500, "Next Hop Has No Address", "the name has no address"),
    /** No DNS server responded in time, or too many queries are pending. */
    NO_DNS_ANSWER(false, 500, "Next Hop Not Resolved", "no DNS server answered"),
    /** The message does not fit into a datagram, or is larger than {@code transport.tcp.max-unsent}. */
    TOO_LARGE(
            false,
            513,
            "Message Too Large",
            "the message is too large (expected: 65507 bytes at most over UDP, transport.tcp.max-unsent over TCP)"),
    /** The attributes of the destination name a TLS domain that does not exist. */
    NO_TLS_DOMAIN(false, 500, "No TLS Domain", "tls_domain in the attrs is no block of tls.client_domains"),
    /** No socket of this node has the protocol and the IP version. */
    NO_SOCKET(false, 500, "No Socket To Next Hop", "no socket of this node has that protocol and IP version"),
    /** The address is not a valid target: multicast, port 0, or another IP version than the socket's. */
    NOT_ALLOWED(false, 500, "Next Hop Not Allowed", "no message may go to that address (expected: unicast and a port)"),
    /** The client has closed its connection, and accepts none: RFC 5626 section 5.3.1, RFC 7118 section 7. */
    FLOW_FAILED(false, 430, "Flow Failed", "the client has no connection to this node, and it accepts none"),
    /** A blacklist of the rule contains the address; the response is that of OpenSIPS. */
    BLACKLISTED(false, 473, "Filtered Destination", "the address is on a blacklist of the rule"),
    /** The operating system refused: no route, no local address or port, or a firewall on this host. */
    REFUSED_BY_SYSTEM(false, 500, "No Route To Next Hop", "the operating system of this host refused to send"),
    /** This node's socket is not open, or this node closed the connection. */
    CLOSED(false, 503, "Socket Closed", "this node has closed the socket or the connection"),
    /** The limit {@code transport.tcp.max-outbound} is reached. */
    NO_CONNECTION(false, 503, "Too Many Connections", "transport.tcp.max-outbound is reached"),
    /** The process has no file descriptor left. */
    NO_DESCRIPTOR(false, 503, "Too Many Open Files", "the process has no file descriptor left (see ulimit -n)"),
    /** The limit {@code transport.tcp.max-buffered} is reached. */
    NO_MEMORY(false, 503, "Too Much Buffered", "transport.tcp.max-buffered is reached"),
    /**
     * The destination has asked this node for fewer requests (RFC 7339), and this is one of those that it does not get.
     */
    OVERLOADED(false, 503, "Destination Overloaded", "the destination is overloaded and has asked for fewer requests");

    private final boolean destinationFault;
    private final int code;
    private final String reason;
    private final String description;

    SendFailure(boolean destinations, int code, String reason, String description) {
        this.destinationFault = destinations;
        this.code = code;
        this.reason = reason;
        this.description = description;
    }

    /**
     * Whether the failure is the destination's fault; otherwise it is due to the message, this node's resources, or
     * policy.
     */
    public boolean isDestinationFault() {
        return destinationFault;
    }

    /** The status code of the response to a request that could not be sent to any other hop either. */
    public int code() {
        return code;
    }

    /** The reason phrase of that response. */
    public String reason() {
        return reason;
    }

    /** A short description for the log. */
    public String description() {
        return description;
    }

    /** The name in metrics, for example {@code too_large}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
