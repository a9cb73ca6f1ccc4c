package org.sipdispatch.pauses;

/**
 * An order that was given to a destination, and its answer. Times as of {@link System#nanoTime}.
 *
 * @param id what the order gave as its reason; no other order has the same
 * @param node the node that was asked
 * @param answeredNs {@link Long#MAX_VALUE} if no answer came at all
 * @param seen the version of the status in the answer; null if there was none
 * @param answer the answer's code and text, for people
 */
public record GivenOrder(
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

    /** What was ordered. */
    public enum Kind {
        HOLD,
        RELEASE
    }

    /** What the answer says. */
    public enum Outcome {
        /** It is done. */
        OK,
        /** It is not done and will not be. */
        FAILED,
        /** It was done before the answer, or never. */
        UNKNOWN
    }

    public boolean holds() {
        return kind == Kind.HOLD;
    }

    /** As a line of a record, with times in milliseconds after that moment. */
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
