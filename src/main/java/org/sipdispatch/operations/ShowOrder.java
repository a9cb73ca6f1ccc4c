package org.sipdispatch.operations;

import org.sipdispatch.destination.Status;
import org.sipdispatch.orders.OrderOutcome;

/** Shows the outcome of an order, from this node's record of orders or from the destination's status. */
public final class ShowOrder {
    private final OperationContext context;

    ShowOrder(OperationContext context) {
        this.context = context;
    }

    /**
     * The outcome of an order.
     *
     * @param destination the id of the order's destination, for an order through another node; null if the caller does
     *     not give it
     */
    public OrderOutcome answer(String order, String destination) {
        OrderOutcome remembered = context.cluster().outcome(order);
        boolean isRemembered =
                remembered != null && (destination == null || destination.equals(remembered.destination()));
        boolean isOfDestination = isRemembered && !remembered.destination().isEmpty();
        if (isOfDestination && remembered.state() != OrderOutcome.OrderState.DONE) {
            return withLaterStatus(remembered, context.statusOf(remembered.destination()));
        } else if (isRemembered || destination == null) {
            return isRemembered ? remembered : notRemembered(order, "");
        }
        OrderOutcome unknown = notRemembered(order, destination);
        return isExecuted(order, context.defined(destination).status()) ? unknown.done() : unknown;
    }

    /** The destination's status may show an execution whose reply was lost. */
    private OrderOutcome withLaterStatus(OrderOutcome remembered, Status status) {
        if (!isExecuted(remembered.order(), status)) {
            return remembered;
        }
        context.cluster().executed(remembered, status);
        return remembered.done();
    }

    private static boolean isExecuted(String order, Status status) {
        return status != null && status.hasExecuted(order);
    }

    private static OrderOutcome notRemembered(String order, String destination) {
        String expected = destination.isEmpty()
                ? "a recent order through this node, or the id of its destination too"
                : "a recent order through this node, or one of the last orders that its destination executed";
        return new OrderOutcome(
                order,
                destination,
                "",
                OrderOutcome.OrderState.UNKNOWN,
                "order: unknown outcome at this node (expected: " + expected + ")");
    }
}
