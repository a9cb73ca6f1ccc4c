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

    public CompletionStage<Ordered> answer(Caller caller, String id, DestinationState state, String why) {
        caller.mayChange();
        return here.noted(
                caller,
                "set_state",
                id,
                state.text() + (why == null || why.isBlank() ? "" : ": " + why),
                here.ordered(
                        id,
                        (ticket, replyTo) -> new DestinationActor.SetState(
                                state, caller.text(), Surroundings.reason(why), ticket, replyTo)));
    }

    /** What a text is refused with that names no state. */
    public static Refusal unknown(String text) {
        return Refusal.bad("state", text, "active, inactive or probing");
    }
}
