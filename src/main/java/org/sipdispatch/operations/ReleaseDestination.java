package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.DestinationActor;

/** Ends an operator's hold; probes and traffic determine the state again. */
public final class ReleaseDestination {
    private final OperationContext context;

    ReleaseDestination(OperationContext context) {
        this.context = context;
    }

    /**
     * Releases a destination. {@code key} is the client's name for the order, so that the client can repeat the order
     * safely.
     */
    public CompletionStage<OrderResult> answer(OperationCaller caller, String id, String why, OrderKey key) {
        caller.requireWrite();
        return context.recorded(
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
