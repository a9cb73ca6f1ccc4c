package org.sipdispatch.destination;

/**
 * The result of a ping.
 *
 * @param code the status code of the final response; 0 if there was none
 * @param roundTripMicros from sending to the response, in microseconds; 0 if there was none
 * @param detail more about a failure, such as why the TLS handshake failed; empty for nothing. Between nodes only a {@link
 *     DestinationActor.Report} has it
 */
public record PingResult(PingOutcome outcome, int code, long roundTripMicros, String detail) implements WireMessage {
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

    /** How the summary of a ping begins that could not be sent because the destination has no address. */
    public static final String COULD_NOT_BE_SENT = "could not be sent";

    public PingResult {
        // As read from another node.
        detail = detail == null ? "" : detail;
    }

    /** A result without more to say. */
    public PingResult(PingOutcome outcome, int code, long roundTripMicros) {
        this(outcome, code, roundTripMicros, "");
    }

    PingResult withDetail(String text) {
        return new PingResult(outcome, code, roundTripMicros, text);
    }

    /** The result in a few words. */
    String summary() {
        return switch (outcome) {
            case REPLIED -> "reply " + code;
            case SILENT -> "no reply";
            case UNREACHABLE -> "unreachable" + (detail.isEmpty() ? "" : ", " + detail);
            case NOT_SENT -> COULD_NOT_BE_SENT + (detail.isEmpty() ? "" : ", " + detail);
            case NO_EVIDENCE -> "no evidence";
        };
    }
}
