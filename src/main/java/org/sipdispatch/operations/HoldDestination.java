package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.DestinationState;

/** Takes a destination out of rotation until it is released or set to active. Active calls continue. */
public final class HoldDestination {
    private final OperationContext context;

    HoldDestination(OperationContext context) {
        this.context = context;
    }

    /**
     * Holds a destination. {@code key} is the client's name for the order, so that the client can repeat the order
     * safely.
     */
    public CompletionStage<OrderResult> answer(OperationCaller caller, String id, String why, OrderKey key) {
        caller.requireWrite();
        return context.recorded(
                caller,
                "hold",
                why,
                new OperationContext.ToActor(
                        id,
                        key,
                        "hold",
                        (ticket, replyTo) -> new DestinationActor.SetState(
                                DestinationState.INACTIVE,
                                caller.text(),
                                OperationContext.reason(why),
                                ticket,
                                replyTo)));
    }
}
