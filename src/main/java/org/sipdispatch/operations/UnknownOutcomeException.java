package org.sipdispatch.operations;

import org.sipdispatch.orders.OrderOutcome;

/** An order that may have been executed: its reply did not arrive. */
public final class UnknownOutcomeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient OrderOutcome outcome;

    public UnknownOutcomeException(OrderOutcome outcome) {
        super(outcome.message(), null, false, false);
        this.outcome = outcome;
    }

    /** The known part of the outcome, with the name for a later query. */
    public OrderOutcome outcome() {
        return outcome;
    }
}
