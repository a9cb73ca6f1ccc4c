package org.sipdispatch.destination;

/**
 * What became of a ping.
 *
 * @param code the final reply's code; 0 if there was none
 * @param roundTripMicros from sending to the reply; 0 if there was none
 */
public record PingResult(Kind kind, int code, long roundTripMicros) implements WireMessage {
    /** How a ping ends. */
    public enum Kind {
        /** A final reply came. */
        REPLIED,
        /** None came in time. */
        SILENT,
        /** Nobody listens there: ICMP, or no TCP connection could be made. */
        UNREACHABLE,
        /** It could not be sent, since the destination has no address. */
        NOT_SENT,
        /** This node could not send it, for a reason of its own, which says nothing of the destination. */
        NO_EVIDENCE
    }

    /** In a few words. */
    String told() {
        return switch (kind) {
            case REPLIED -> "reply " + code;
            case SILENT -> "no reply";
            case UNREACHABLE -> "unreachable";
            case NOT_SENT -> "could not be sent";
            case NO_EVIDENCE -> "no evidence";
        };
    }
}
