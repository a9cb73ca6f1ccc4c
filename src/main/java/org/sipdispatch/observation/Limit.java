package org.sipdispatch.observation;

import java.util.Locale;

/** The limits of a node. Each hit is counted, and logged at intervals. */
public enum Limit {
    /** Requests refused because one source address holds its full share of a lane's transactions. */
    TRANSACTION_SHARE("relay.transaction-memory, max-transactions"),
    /** Requests refused because a lane's transactions use all of their memory. */
    TRANSACTION_MEMORY("relay.transaction-memory"),
    /** Requests refused because a lane has the maximum number of transactions. */
    MAX_TRANSACTIONS("relay.max-transactions"),
    /** Destinations that did not get a request which others got at once, because too many are usable. */
    MAX_BRANCHES("relay.max-branches"),
    /** Stateless transactions were forgotten before their time. */
    STATELESS_MEMORY("relay.stateless-memory"),
    /** Dialogs were forgotten before their time. */
    DIALOG_MEMORY("relay.dialog-memory"),
    /** Calls of other nodes were forgotten before their time. */
    CARRIED_MEMORY("relay.carried-memory"),
    /** Sticky keys were forgotten before their time. */
    STICKY_MEMORY("relay.sticky-memory"),
    /** Active calls are no longer counted. */
    CALL_MEMORY("relay.call-memory"),
    /** Calls not sent to a destination because it has as many calls in flight as it may have. */
    DESTINATION_CALLS("maxcalls"),
    /** Calls not sent to a destination because it has had as many calls per second as it may have. */
    DESTINATION_RATE("maxcps"),
    /** Calls not sent to a destination because it has answered too few of the last ones. */
    DESTINATION_ANSWERS("minasr"),
    /** Calls not sent to a destination because it has as many calls that use a resource as its capacity allows. */
    DESTINATION_CAPACITY("resources"),
    /** Calls refused because their source has as many calls in flight as it may have. */
    SOURCE_CALLS("limits.sources"),
    /** Calls refused because their source has had as many calls per second as it may have. */
    SOURCE_RATE("limits.sources"),
    /** Inbound TCP connections closed because the maximum is reached: the new one, or one that was idle for long. */
    MAX_CONNECTIONS("transport.tcp.max-connections"),
    /** Outbound TCP connections not opened, or idle ones closed, because the maximum is reached. */
    MAX_OUTBOUND("transport.tcp.max-outbound"),
    /** TCP connections closed, or requests not sent, because incomplete and unsent messages use all of their memory. */
    MAX_BUFFERED("transport.tcp.max-buffered"),
    /** TCP connections closed because the peer does not read. */
    MAX_UNSENT("transport.tcp.max-unsent"),
    /** TCP connections closed because a message took too long. */
    MESSAGE_TIMEOUT("transport.tcp.message-timeout"),
    /** Messages over TCP that exceed the maximum size. */
    MAX_MESSAGE_SIZE("transport.tcp.max-message-size"),
    /** TLS handshakes of clients refused because too many are open. */
    HANDSHAKES("transport.tls.max-handshakes"),
    /** TLS handshakes of clients refused because too many of one address are open. */
    HANDSHAKES_OF_SOURCE("transport.tls.max-handshakes-of-source"),
    /** TLS handshakes of clients refused because too many began within a second. */
    HANDSHAKE_RATE("transport.tls.handshakes-per-second"),
    /** TLS handshakes of clients refused because too many of one address began within a second. */
    HANDSHAKE_RATE_OF_SOURCE("transport.tls.handshakes-per-second-of-source"),
    /** Connections not accepted or opened because the process has no file descriptor left. */
    FILE_DESCRIPTORS("ulimit -n"),
    /** Destinations not watched for ICMP errors because too many are. */
    ICMP_SOCKETS("sockets for ICMP"),
    /** Messages dropped because too many wait for their lane. */
    LANE_QUEUE("messages that wait for a lane"),
    /** New requests refused or dropped because messages wait too long for their lane. */
    OVERLOAD("relay.overload");

    private final String setting;

    Limit(String setting) {
        this.setting = setting;
    }

    /** The setting of the limit, or its name in the log if no setting exists. */
    public String setting() {
        return setting;
    }

    /** The label in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
