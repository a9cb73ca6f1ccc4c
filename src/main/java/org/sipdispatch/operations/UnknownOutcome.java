package org.sipdispatch.operations;

import org.sipdispatch.orders.OrderOutcome;

/** An order that may have been executed: its answer has not come. */
public final class UnknownOutcome extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient OrderOutcome outcome;

    public UnknownOutcome(OrderOutcome outcome) {
        super(outcome.message(), null, false, false);
        this.outcome = outcome;
    }

    /** What is known of it, with the name by which it can be asked for. */
    public OrderOutcome outcome() {
        return outcome;
    }
}
