package org.sipdispatch.orders;

/**
 * The outcome of an order as far as this node knows.
 *
 * @param order the order's name
 * @param destination the id of the destination; empty if not known
 * @param what the verb and its arguments; empty if not known
 * @param message the outcome as a message for operators
 */
public record OrderOutcome(String order, String destination, String what, OrderState state, String message) {
    public enum OrderState {
        /** The answer is pending. */
        WAITING("waiting"),
        /** The order was executed. */
        DONE("done"),
        /** The destination's actor refused the order. */
        REFUSED("refused"),
        /** The order was not executed and will not be. */
        NOT_DONE("not executed"),
        /** The order may have been executed. */
        UNKNOWN("unknown");

        private final String text;

        OrderState(String text) {
            this.text = text;
        }

        /** The name in answers to operators. */
        public String text() {
            return text;
        }
    }

    /** The order, as its ticket shows it. */
    public OrderRequest request() {
        return new OrderRequest(order, destination, what);
    }

    /** The outcome of this order once it is known to be executed. */
    public OrderOutcome done() {
        return new OrderOutcome(order, destination, what, OrderState.DONE, "order: done");
    }
}
