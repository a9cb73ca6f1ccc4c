package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.DestinationState;

/** Takes a destination out until it is released or set Active; calls that go on there are not touched. */
public final class Hold {
    private final OperationContext here;

    Hold(OperationContext here) {
        this.here = here;
    }

    /** {@code key}: of the client, for an order that it may give again. */
    public CompletionStage<OrderResult> answer(Caller caller, String id, String why, OrderKey key) {
        caller.mayChange();
        return here.noted(
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
