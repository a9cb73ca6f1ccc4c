package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.DestinationState;

/** Sets the state of a destination: {@code ds_set_state}. */
public final class SetDestinationState {
    private final OperationContext context;

    SetDestinationState(OperationContext context) {
        this.context = context;
    }

    /**
     * Sets the state. {@code key} is the client's name for the order, so that the client can repeat the order safely.
     */
    public CompletionStage<OrderResult> answer(
            OperationCaller caller, String id, DestinationState state, String why, OrderKey key) {
        caller.requireWrite();
        return context.recorded(
                caller,
                "set_state",
                state.text() + (why == null || why.isBlank() ? "" : ": " + why),
                new OperationContext.ToActor(
                        id,
                        key,
                        "set_state " + state.text(),
                        (ticket, replyTo) -> new DestinationActor.SetState(
                                state, caller.text(), OperationContext.reason(why), ticket, replyTo)));
    }

    /** The error for a text that names no state. */
    public static OperationException unknown(String text) {
        return OperationException.bad("state", text, "active, inactive or probing");
    }
}
