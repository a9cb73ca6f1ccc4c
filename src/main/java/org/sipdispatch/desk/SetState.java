package org.sipdispatch.desk;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.DestinationState;

/** An operator's word: {@code ds_set_state}. */
public final class SetState {
    private final Surroundings here;

    SetState(Surroundings here) {
        this.here = here;
    }

    /** {@code key}: of the client, for an order that it may give again. */
    public CompletionStage<Ordered> answer(Caller caller, String id, DestinationState state, String why, OrderKey key) {
        caller.mayChange();
        return here.noted(
                caller,
                "set_state",
                state.text() + (why == null || why.isBlank() ? "" : ": " + why),
                new Surroundings.ToActor(
                        id,
                        key,
                        "set_state " + state.text(),
                        (ticket, replyTo) -> new DestinationActor.SetState(
                                state, caller.text(), Surroundings.reason(why), ticket, replyTo)));
    }

    /** What a text is refused with that names no state. */
    public static Refusal unknown(String text) {
        return Refusal.bad("state", text, "active, inactive or probing");
    }
}
