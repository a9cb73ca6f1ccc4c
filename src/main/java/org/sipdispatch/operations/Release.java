package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.DestinationActor;

/** Ends an operator's hold: what evidence says counts again. */
public final class Release {
    private final OperationContext here;

    Release(OperationContext here) {
        this.here = here;
    }

    /** {@code key}: of the client, for an order that it may give again. */
    public CompletionStage<OrderResult> answer(Caller caller, String id, String why, OrderKey key) {
        caller.mayChange();
        return here.noted(
                caller,
                "release",
                why,
                new OperationContext.ToActor(
                        id,
                        key,
                        "release",
                        (ticket, replyTo) -> new DestinationActor.Release(
                                caller.text(), OperationContext.reason(why), ticket, replyTo)));
    }
}
