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

    public CompletionStage<Ordered> answer(Caller caller, String id, String why) {
        caller.mayChange();
        return here.noted(
                caller,
                "hold",
                id,
                why,
                here.ordered(
                        id,
                        (ticket, replyTo) -> new DestinationActor.SetState(
                                DestinationState.INACTIVE, caller.text(), Surroundings.reason(why), ticket, replyTo)));
    }
}
