package org.sipdispatch.observation;

/** What a lane counts. */
public enum Counter {
    /** Requests that arrived. */
    REQUESTS,
    /** Responses that arrived. */
    RESPONSES,
    /** Requests sent to a destination, retransmissions of ours not counted. */
    FORWARDED,
    /** Bytes that were no SIP message. */
    PARSE_FAILURES,
    /** Replies that this node made itself. */
    OWN_REPLIES,
    /** Responses whose Via was not ours. */
    FOREIGN_RESPONSES,
    /** Requests that ran in a circle. */
    LOOPS,
    /** Destinations given up for the next one. */
    FAILOVERS,
    /** Destinations that stayed silent. */
    TIMEOUTS,
    /** Destinations that could not be reached at all. */
    UNREACHABLE,
    /** Requests refused by a check, because too many transactions are open, or because this node stops. */
    REFUSED,
    /** Requests refused because this node stood still and had to join the cluster again. */
    REFUSED_STALE,
    /** Requests of dialogs that were refused since nobody knows their dialog. */
    UNKNOWN_DIALOGS,
    /** Requests of dialogs that were refused since they would have gone where none may go. */
    REFUSED_TARGETS,
    /** Messages that could not be sent. */
    SEND_FAILURES,
    /** Events whose handling failed by a fault of this program; each is in the log. */
    FAULTS,
    /** Messages dropped because their lane could not keep up. */
    OVERLOADS,
    /** Pings sent, retransmissions not counted. */
    PINGS,
    /** Pings that nobody answered in time. */
    PING_TIMEOUTS,
    /** Replies to pings that had ended before. */
    LATE_PING_REPLIES,
    /** Failures that were not counted against a destination, since this node's own network is suspected. */
    SUSPECTED,
    /** Calls of other nodes that this one could carry on. */
    CARRIED,
    /** What another node told of its calls, and could not be read. */
    MALFORMED_CARRIED,
    /** Destinations that stayed silent and could not be watched for ICMP. */
    UNWATCHED
}
