package org.sipdispatch.desk;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.DestinationState;

/** Takes a destination out until it is released or set Active; calls that go on there are not touched. */
public final class Hold {
    private final Surroundings here;

    Hold(Surroundings here) {
        this.here = here;
    }

    /** {@code key}: of the client, for an order that it may give again. */
    public CompletionStage<Ordered> answer(Caller caller, String id, String why, OrderKey key) {
        caller.mayChange();
        return here.noted(
                caller,
                "hold",
                why,
                new Surroundings.ToActor(
                        id,
                        key,
                        "hold",
                        (ticket, replyTo) -> new DestinationActor.SetState(
                                DestinationState.INACTIVE, caller.text(), Surroundings.reason(why), ticket, replyTo)));
    }
}
