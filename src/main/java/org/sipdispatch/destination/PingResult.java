package org.sipdispatch.destination;

/**
 * The result of a ping.
 *
 * @param code the status code of the final response; 0 if there was none
 * @param roundTripMicros from sending to the response, in microseconds; 0 if there was none
 */
public record PingResult(PingOutcome outcome, int code, long roundTripMicros) implements WireMessage {
    public enum PingOutcome {
        /** A final response arrived. */
        REPLIED,
        /** No final response arrived in time. */
        SILENT,
        /** The address is unreachable: an ICMP error, or no TCP connection. */
        UNREACHABLE,
        /** The ping could not be sent because the destination has no address. */
        NOT_SENT,
        /** The ping could not be sent for a reason on this node, which says nothing about the destination. */
        NO_EVIDENCE
    }

    /** The result in a few words. */
    String summary() {
        return switch (outcome) {
            case REPLIED -> "reply " + code;
            case SILENT -> "no reply";
            case UNREACHABLE -> "unreachable";
            case NOT_SENT -> "could not be sent";
            case NO_EVIDENCE -> "no evidence";
        };
    }
}
