package org.sipdispatch.orders;

/**
 * What became of an order to a destination, as far as a node knows.
 *
 * @param order the order's name
 * @param destination the id of the destination; empty where it is not known
 * @param what the verb, and what else was ordered; empty where it is not known
 * @param message the outcome in words
 */
public record OrderOutcome(String order, String destination, String what, End end, String message) {
    /** How it ended. */
    public enum End {
        /** It has not: its answer is waited for. */
        WAITING("waiting"),
        /** It was executed. */
        DONE("done"),
        /** The destination's actor did not take it. */
        REFUSED("refused"),
        /** Nobody took it, and nobody will. */
        NOT_DONE("not carried out"),
        /** It may have been executed. */
        UNKNOWN("unknown");

        private final String text;

        End(String text) {
            this.text = text;
        }

        /** As operators read it. */
        public String text() {
            return text;
        }
    }

    /** The same order, which was executed as it turns out. */
    public OrderOutcome done() {
        return new OrderOutcome(order, destination, what, End.DONE, "order: done");
    }
}
