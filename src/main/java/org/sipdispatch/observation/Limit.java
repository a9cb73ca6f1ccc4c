package org.sipdispatch.observation;

import java.util.Locale;

/** A limit of this node that can be reached; each is counted, and told in the log at intervals. */
public enum Limit {
    /** Requests refused since one source address has as much of a lane's transactions as one may have. */
    TRANSACTION_SHARE("relay.transaction-memory, max-transactions"),
    /** Requests refused since a lane's transactions take as much memory as they may. */
    TRANSACTION_MEMORY("relay.transaction-memory"),
    /** Requests refused since a lane has as many transactions as it may. */
    MAX_TRANSACTIONS("relay.max-transactions"),
    /** What stateless transactions left in memory was forgotten before its time. */
    STATELESS_MEMORY("relay.stateless-memory"),
    /** Dialogs were forgotten before their time. */
    DIALOG_MEMORY("relay.dialog-memory"),
    /** Calls of other nodes were forgotten before their time. */
    CARRIED_MEMORY("relay.carried-memory"),
    /** Calls that go on are not counted any more. */
    CALL_MEMORY("relay.call-memory"),
    /** TCP connections of peers closed since all places are taken: the new one, or one that was silent for long. */
    MAX_CONNECTIONS("transport.tcp.max-connections"),
    /** TCP connections to destinations not made, or silent ones closed, since all places are taken. */
    MAX_OUTBOUND("transport.tcp.max-outbound"),
    /** TCP connections closed, or requests not sent, since unfinished and unsent messages take as much memory as they may. */
    MAX_BUFFERED("transport.tcp.max-buffered"),
    /** TCP connections closed since their peer does not read. */
    MAX_UNSENT("transport.tcp.max-unsent"),
    /** TCP connections closed since a message took too long. */
    MESSAGE_TIMEOUT("transport.tcp.message-timeout"),
    /** Messages over TCP that are larger than they may be. */
    MAX_MESSAGE_SIZE("transport.tcp.max-message-size"),
    /** Connections that could not be taken or made since this process has no file descriptor left. */
    FILE_DESCRIPTORS("ulimit -n"),
    /** Destinations that are not watched for ICMP since too many are. */
    ICMP_SOCKETS("sockets for ICMP"),
    /** Datagrams dropped since a lane's socket has too many that wait. */
    DATAGRAMS("datagrams that wait"),
    /** Messages dropped since too many wait for the lane that they belong to. */
    LANE_QUEUE("messages that wait for a lane");

    private final String setting;

    Limit(String setting) {
        this.setting = setting;
    }

    /** The setting that it comes from, or what else it is called in the log. */
    public String setting() {
        return setting;
    }

    /** As metrics name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
