package org.sipdispatch.pauses;

/**
 * An order to a destination, and its response. Times as of {@link System#nanoTime}.
 *
 * @param id the reason of the order, which is unique
 * @param node the node that received the order
 * @param answeredNs {@link Long#MAX_VALUE} if there was no response
 * @param seen the version of the status in the response; null if there was none
 * @param answer the code and text of the response, for people
 */
public record RecordedOrder(
        String id,
        String destination,
        Kind kind,
        int node,
        long invokedNs,
        long answeredNs,
        Outcome outcome,
        StateVersion seen,
        String answer) {
    public static final long NO_ANSWER = Long.MAX_VALUE;

    public enum Kind {
        HOLD,
        RELEASE
    }

    /** The outcome according to the response. */
    public enum Outcome {
        /** The order was executed. */
        OK,
        /** The order was not executed and will not be. */
        FAILED,
        /** The order was executed before the response, or never. */
        UNKNOWN
    }

    public boolean holds() {
        return kind == Kind.HOLD;
    }

    /** One line for a report, with times in milliseconds after {@code beganNs}. */
    public String line(long beganNs) {
        String answered = answeredNs == NO_ANSWER ? "never" : String.valueOf((answeredNs - beganNs) / 1_000_000);
        return "%6d..%6s ms %s %s at node %d of %s: %s %s %s"
                .formatted(
                        (invokedNs - beganNs) / 1_000_000,
                        answered,
                        id,
                        kind,
                        node + 1,
                        destination,
                        outcome,
                        seen == null ? "" : seen,
                        answer);
    }
}
