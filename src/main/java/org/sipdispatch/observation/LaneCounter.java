package org.sipdispatch.observation;

/** The counters of a lane. */
public enum LaneCounter {
    /** Received requests. */
    REQUESTS,
    /** Received responses. */
    RESPONSES,
    /** Requests sent to a destination, without this node's retransmissions. */
    FORWARDED,
    /** Received bytes that were not a SIP message. */
    PARSE_FAILURES,
    /** Responses that this node generated. */
    OWN_REPLIES,
    /** Responses whose top Via this node did not write. */
    FOREIGN_RESPONSES,
    /** Requests that looped. */
    LOOPS,
    /** Attempts that were followed by an attempt at the next address or destination. */
    FAILOVERS,
    /** Attempts without a final response in time. */
    TIMEOUTS,
    /** Attempts at addresses that could not be reached. */
    UNREACHABLE,
    /** Requests refused by a check, a limit of their source or of transactions, or because this node is stopping. */
    REFUSED,
    /** Requests refused because this node had paused and its views were not confirmed in time. */
    REFUSED_STALE,
    /** Requests refused or redirected because this node is in maintenance. */
    REFUSED_IN_MAINTENANCE,
    /** New requests refused because messages wait too long for their lane. */
    REFUSED_OVERLOADED,
    /** The same, dropped without a response. */
    DROPPED_OVERLOADED,
    /** Requests of dialogs refused because the dialog is not known. */
    UNKNOWN_DIALOGS,
    /** Requests of dialogs refused because their target is not allowed. */
    REFUSED_TARGETS,
    /** Messages that could not be sent. */
    SEND_FAILURES,
    /** Events whose processing failed with an internal error; each one is logged. */
    FAULTS,
    /** Messages dropped because their lane was overloaded. */
    OVERLOADS,
    /** Sent pings, without retransmissions. */
    PINGS,
    /** Pings without a response in time. */
    PING_TIMEOUTS,
    /** Responses to pings that had already ended. */
    LATE_PING_REPLIES,
    /** Failures that were not counted against a destination because this node's own network is suspected. */
    SUSPECTED,
    /** Calls of other nodes that this node can continue. */
    CARRIED,
    /** Malformed batches of other nodes' calls. */
    MALFORMED_CARRIED,
    /** Requests whose credentials answer a challenge of a destination, which was tried first. */
    TO_CHALLENGERS,
    /** Responses 503 with a Retry-After, which begin the backoff of their destination. */
    BACKOFFS,
    /** Requests answered with 503 because destinations are in backoff and no other is usable. */
    REFUSED_IN_BACKOFF,
    /** Requests whose sticky key belongs to a destination, which was tried first. */
    TO_STICKY,
    /** Requests for which an extension's algorithm (10) failed; its set selected nothing. */
    ALGO_ROUTES_FAILED,
    /** Requests for which an extension's algorithm (10) took 10 ms or more. */
    ALGO_ROUTES_SLOW,
    /** Destinations that did not respond and could not be watched for ICMP errors. */
    UNWATCHED
}
